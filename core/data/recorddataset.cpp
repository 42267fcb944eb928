// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/recorddataset.h"

#include "core/base/error.h"
#include "core/data/datasetreader.h"
#include "core/data/labels.h"

namespace brink {

namespace {

class RecordDataset : public Dataset {
public:
    explicit RecordDataset(ByteRecords records) : m_records(std::move(records)) {}

    [[nodiscard]] std::string name() const override { return m_records.name; }
    [[nodiscard]] std::int64_t size() const override { return m_records.count; }
    [[nodiscard]] const std::vector<std::string>& classNames() const override { return m_records.classNames; }

    [[nodiscard]] std::optional<std::int64_t> label(std::int64_t index) const override
    {
        checkIndex(m_records.name, index, m_records.count);
        if (m_records.labels.empty())
            return std::nullopt;
        return m_records.labels[std::size_t(index)];
    }

    [[nodiscard]] Image image(std::int64_t index) const override
    {
        checkIndex(m_records.name, index, m_records.count);
        Image image;
        image.channels = m_records.channels;
        image.height = m_records.height;
        image.width = m_records.width;
        image.source = recordSource(m_records.name, index);
        const std::uint8_t* in = m_records.bytes.data() + std::size_t(index) * m_records.stride + m_records.offset;
        const std::size_t plane = std::size_t(image.height) * std::size_t(image.width);
        const auto channels = std::size_t(image.channels);
        const std::size_t channelStep = m_records.isChannelLast ? 1 : plane;
        const std::size_t pixelStep = m_records.isChannelLast ? channels : 1;
        image.pixels.resize(plane * channels);
        for (std::size_t c = 0; c < channels; ++c)
            for (std::size_t i = 0; i < plane; ++i)
                image.pixels[c * plane + i] = float(in[c * channelStep + i * pixelStep]) / 255.0f;
        return image;
    }

private:
    ByteRecords m_records;
};

} // namespace

std::shared_ptr<const Dataset> makeRecordDataset(ByteRecords records)
{
    checkLabelsHaveNames(records.name, records.labels, records.classNames);
    return std::make_shared<RecordDataset>(std::move(records));
}

} // namespace brink
