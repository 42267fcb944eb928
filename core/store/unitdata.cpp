// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/unitdata.h"

#include "core/base/error.h"

#include <QByteArray>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <type_traits>

namespace brink {

static_assert(std::endian::native == std::endian::little, "the columns are written as they lie in memory");

namespace {

constexpr std::uint32_t layout = 1;
constexpr std::uint32_t scoredLayout = 2; ///< of predictions with scores

Error broken() { return Error(ErrorCode::Format, "a unit of the study is damaged; it is computed again by the next run"); }

class Writer {
public:
    explicit Writer(std::size_t rows, std::uint32_t version = layout) { put(version); put(std::uint32_t(rows)); }

    template <typename T>
    void put(const T& value)
    {
        static_assert(std::is_trivially_copyable_v<T>);
        m_bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
    }
    template <typename Rows, typename Field>
    void column(const Rows& rows, Field field)
    {
        for (const auto& row : rows)
            put(field(row));
    }
    void text(const std::string& text)
    {
        put(std::uint32_t(text.size()));
        m_bytes += text;
    }
    [[nodiscard]] std::string take() { return std::move(m_bytes); }

private:
    std::string m_bytes;
};

class Reader {
public:
    explicit Reader(std::string_view bytes, std::uint32_t newest = layout) : m_rest(bytes)
    {
        m_version = take<std::uint32_t>();
        if (m_version < layout || m_version > newest)
            throw broken();
        m_rows = take<std::uint32_t>();
    }

    [[nodiscard]] std::size_t rows() const { return m_rows; }
    [[nodiscard]] std::uint32_t version() const { return m_version; }
    template <typename T>
    [[nodiscard]] T take()
    {
        if (m_rest.size() < sizeof(T))
            throw broken();
        T value;
        std::memcpy(&value, m_rest.data(), sizeof value);
        m_rest.remove_prefix(sizeof value);
        return value;
    }
    template <typename T>
    [[nodiscard]] std::vector<T> column()
    {
        if (m_rest.size() / sizeof(T) < m_rows)
            throw broken();
        std::vector<T> values(m_rows);
        if (m_rows > 0)
            std::memcpy(values.data(), m_rest.data(), m_rows * sizeof(T));
        m_rest.remove_prefix(m_rows * sizeof(T));
        return values;
    }
    [[nodiscard]] std::string text()
    {
        const auto size = take<std::uint32_t>();
        if (m_rest.size() < size)
            throw broken();
        std::string text(m_rest.substr(0, size));
        m_rest.remove_prefix(size);
        return text;
    }
    /// Sets a field of every row from a column of T.
    template <typename T, typename Rows, typename Set>
    void into(Rows& rows, Set set)
    {
        const std::vector<T> values = column<T>();
        for (std::size_t i = 0; i < m_rows; ++i)
            set(rows[i], values[i]);
    }
    /// What is left after the last column: nothing may follow it.
    void end() const
    {
        if (!m_rest.empty())
            throw broken();
    }
    [[nodiscard]] std::string_view rest() const { return m_rest; }

private:
    std::string_view m_rest;
    std::uint32_t m_version = 0;
    std::size_t m_rows = 0;
};

constexpr std::array scoreFields{
    &OutputScores::logitMargin, &OutputScores::probabilityMargin, &OutputScores::maxProbability, &OutputScores::labelProbability,
    &OutputScores::outputDistance};

enum AttackFlag : std::uint8_t { Success = 1, Survives8bit = 2, SurvivesJpeg = 4 };

std::uint8_t flagsOf(const StudyAttackRow& row)
{
    return std::uint8_t((row.success ? Success : 0) | (row.survives8bit ? Survives8bit : 0) | (row.survivesJpeg ? SurvivesJpeg : 0));
}

void setFlags(StudyAttackRow& row, std::uint8_t flags)
{
    row.success = (flags & Success) != 0;
    row.survives8bit = (flags & Survives8bit) != 0;
    row.survivesJpeg = (flags & SurvivesJpeg) != 0;
}

} // namespace

std::string bytesOf(const CleanUnit& unit)
{
    Writer writer(unit.image.size(), scoredLayout);
    writer.column(unit.image, [](std::int32_t value) { return value; });
    writer.column(unit.predicted, [](std::int32_t value) { return value; });
    for (const auto field : scoreFields)
        writer.column(unit.scores, [field](const OutputScores& scores) { return scores.*field; });
    return writer.take();
}

CleanUnit cleanUnitFrom(std::string_view bytes)
{
    Reader reader(bytes, scoredLayout);
    CleanUnit unit;
    unit.image = reader.column<std::int32_t>();
    unit.predicted = reader.column<std::int32_t>();
    unit.scores.resize(reader.rows());
    if (reader.version() == scoredLayout)
        for (const auto field : scoreFields)
            reader.into<float>(unit.scores, [field](OutputScores& scores, float value) { scores.*field = value; });
    reader.end();
    return unit;
}

std::string bytesOf(std::span<const StudyAttackRow> rows)
{
    using Row = StudyAttackRow;
    Writer writer(rows.size());
    for (const auto field : {&Row::image, &Row::target, &Row::adversarialClass, &Row::steps, &Row::forwards, &Row::backwards})
        writer.column(rows, [field](const Row& row) { return row.*field; });
    writer.column(rows, flagsOf);
    for (const auto field : {&Distances::l0, &Distances::l1, &Distances::l2, &Distances::linf})
        writer.column(rows, [field](const Row& row) { return row.distance.*field; });
    writer.column(rows, [](const Row& row) { return row.seconds; });
    return writer.take();
}

std::vector<StudyAttackRow> attackRowsFrom(std::string_view bytes)
{
    using Row = StudyAttackRow;
    Reader reader(bytes);
    if (reader.rows() > bytes.size())
        throw broken();
    std::vector<Row> rows(reader.rows());
    for (const auto field : {&Row::image, &Row::target, &Row::adversarialClass, &Row::steps, &Row::forwards, &Row::backwards})
        reader.into<std::int32_t>(rows, [field](Row& row, std::int32_t value) { row.*field = value; });
    reader.into<std::uint8_t>(rows, setFlags);
    for (const auto field : {&Distances::l0, &Distances::l1, &Distances::l2, &Distances::linf})
        reader.into<double>(rows, [field](Row& row, double value) { row.distance.*field = value; });
    reader.into<float>(rows, [](Row& row, float value) { row.seconds = value; });
    reader.end();
    return rows;
}

std::string bytesOf(std::span<const StudyCleverRow> rows)
{
    using Row = StudyCleverRow;
    Writer writer(rows.size());
    for (const auto field : {&Row::image, &Row::target, &Row::forwards, &Row::backwards})
        writer.column(rows, [field](const Row& row) { return row.*field; });
    writer.column(rows, [](const Row& row) { return std::uint8_t((row.capped ? 1 : 0) | (row.isRefused ? 2 : 0)); });
    writer.column(rows, [](const Row& row) { return row.score; });
    writer.column(rows, [](const Row& row) { return row.interval[0]; });
    writer.column(rows, [](const Row& row) { return row.interval[1]; });
    writer.column(rows, [](const Row& row) { return row.seconds; });
    return writer.take();
}

std::vector<StudyCleverRow> cleverRowsFrom(std::string_view bytes)
{
    using Row = StudyCleverRow;
    Reader reader(bytes);
    if (reader.rows() > bytes.size())
        throw broken();
    std::vector<Row> rows(reader.rows());
    for (const auto field : {&Row::image, &Row::target, &Row::forwards, &Row::backwards})
        reader.into<std::int32_t>(rows, [field](Row& row, std::int32_t value) { row.*field = value; });
    reader.into<std::uint8_t>(rows, [](Row& row, std::uint8_t flags) {
        row.capped = (flags & 1) != 0;
        row.isRefused = (flags & 2) != 0;
    });
    reader.into<double>(rows, [](Row& row, double value) { row.score = value; });
    reader.into<double>(rows, [](Row& row, double value) { row.interval[0] = value; });
    reader.into<double>(rows, [](Row& row, double value) { row.interval[1] = value; });
    reader.into<float>(rows, [](Row& row, float value) { row.seconds = value; });
    reader.end();
    return rows;
}

std::string bytesOf(const StudyTransfer& transfer)
{
    Writer writer(transfer.row.size());
    for (const auto field : {&StudyTransfer::row, &StudyTransfer::predicted, &StudyTransfer::clean})
        writer.column(transfer.*field, [](std::int32_t value) { return value; });
    writer.column(transfer.margin, [](float value) { return value; });
    writer.put(std::uint32_t(transfer.conversions.size()));
    for (const std::string& conversion : transfer.conversions)
        writer.text(conversion);
    return writer.take();
}

StudyTransfer transferFrom(std::string_view bytes)
{
    Reader reader(bytes);
    StudyTransfer transfer;
    for (const auto field : {&StudyTransfer::row, &StudyTransfer::predicted, &StudyTransfer::clean})
        transfer.*field = reader.column<std::int32_t>();
    transfer.margin = reader.column<float>();
    const auto conversions = reader.take<std::uint32_t>();
    for (std::uint32_t i = 0; i < conversions; ++i)
        transfer.conversions.push_back(reader.text());
    reader.end();
    return transfer;
}

std::string deflated(const std::string& bytes)
{
    return qCompress(reinterpret_cast<const uchar*>(bytes.data()), qsizetype(bytes.size()), 6).toStdString();
}

std::string inflated(std::string_view bytes)
{
    const QByteArray whole = qUncompress(reinterpret_cast<const uchar*>(bytes.data()), qsizetype(bytes.size()));
    if (whole.isEmpty())
        throw broken();
    return whole.toStdString();
}

std::string packImages(std::span<const Image> images)
{
    Writer writer(images.size());
    const Image* first = nullptr;
    for (const Image& image : images) {
        writer.put(std::uint8_t(!image.empty()));
        if (!image.empty() && !first)
            first = &image;
    }
    for (const int side : first ? std::array{first->channels, first->height, first->width} : std::array{0, 0, 0})
        writer.put(std::int32_t(side));
    // Sign and exponent bytes of neighbouring pixels are alike, the last bits are noise: apart they deflate better.
    std::string planes;
    for (std::size_t byte = 0; byte < sizeof(float); ++byte)
        for (const Image& image : images)
            for (const float value : image.pixels)
                planes.push_back(reinterpret_cast<const char*>(&value)[byte]);
    const QByteArray packed = qCompress(reinterpret_cast<const uchar*>(planes.data()), qsizetype(planes.size()), 1);
    return writer.take() + packed.toStdString();
}

std::vector<Image> unpackImages(std::string_view bytes)
{
    Reader reader(bytes);
    const std::vector<std::uint8_t> isThere = reader.column<std::uint8_t>();
    std::array<std::int32_t, 3> size{};
    for (std::int32_t& side : size)
        side = reader.take<std::int32_t>();
    const QByteArray planes
        = qUncompress(reinterpret_cast<const uchar*>(reader.rest().data()), qsizetype(reader.rest().size()));
    const auto present = std::size_t(std::count(isThere.begin(), isThere.end(), 1));
    const std::size_t each = std::size_t(size[0]) * std::size_t(size[1]) * std::size_t(size[2]);
    const std::size_t plane = present * each;
    if (std::size_t(planes.size()) != plane * sizeof(float))
        throw broken();
    std::vector<Image> images(isThere.size());
    std::size_t at = 0;
    for (std::size_t i = 0; i < images.size(); ++i) {
        if (!isThere[i])
            continue;
        Image& image = images[i];
        image.channels = size[0];
        image.height = size[1];
        image.width = size[2];
        image.pixels.resize(each);
        for (std::size_t pixel = 0; pixel < each; ++pixel, ++at)
            for (std::size_t byte = 0; byte < sizeof(float); ++byte)
                reinterpret_cast<char*>(&image.pixels[pixel])[byte] = planes[qsizetype(byte * plane + at)];
    }
    return images;
}

std::optional<Image> unpackImage(std::string_view bytes, std::size_t place)
{
    std::vector<Image> images = unpackImages(bytes);
    if (place >= images.size() || images[place].empty())
        return std::nullopt;
    return std::move(images[place]);
}

} // namespace brink
