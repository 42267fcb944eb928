// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPaintDevice>
#include <QPaintEngine>

#include <memory>

class QPainter;

namespace brink {

/// Passes all drawing on to another device, letters as their outlines: a file drawn through it needs no fonts.
class OutlinedDevice : public QPaintDevice {
public:
    /// @param target outlives this; nothing else draws on it meanwhile.
    explicit OutlinedDevice(QPaintDevice& target);
    ~OutlinedDevice() override;

    [[nodiscard]] QPaintEngine* paintEngine() const override;

protected:
    int metric(PaintDeviceMetric metric) const override;

private:
    class Engine;
    QPaintDevice& m_target;
    std::unique_ptr<Engine> m_engine;
};

} // namespace brink
