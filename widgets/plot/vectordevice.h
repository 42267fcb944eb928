// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPaintDevice>
#include <QPaintEngine>

#include <memory>

class QPainter;

namespace brink {

/// Passes all drawing on to the device of a vector file. What a rectangle clips is cut here, by geometry: an SVG made by Qt 6.4 knows
/// no clipping. Letters stay text, or become their outlines: a file drawn so needs no fonts.
class VectorDevice : public QPaintDevice {
public:
    enum class Letters { Text, Outlines };

    /// @param target outlives this; nothing else draws on it meanwhile.
    VectorDevice(QPaintDevice& target, Letters letters);
    ~VectorDevice() override;

    [[nodiscard]] QPaintEngine* paintEngine() const override;

protected:
    int metric(PaintDeviceMetric metric) const override;

private:
    class Engine;
    QPaintDevice& m_target;
    std::unique_ptr<Engine> m_engine;
};

} // namespace brink
