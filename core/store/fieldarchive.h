// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Structs as documents: each names its fields once, in a template `fields(archive, value)` beside this or beside what reads and writes it.
#pragma once

#include "core/base/error.h"
#include "core/params/knownvalues.h"
#include "core/store/resultdocument.h"

#include <array>
#include <bit>
#include <cmath>
#include <concepts>
#include <cstring>
#include <limits>
#include <memory>
#include <optional>
#include <type_traits>

namespace brink {

static_assert(std::endian::native == std::endian::little, "documents hold little-endian numbers");

template <typename A> void fields(A& a, Warning& v)
{
    a("code", v.code);
    a("text", v.text);
}

template <typename A> void fields(A& a, Image& v)
{
    a("channels", v.channels);
    a("height", v.height);
    a("width", v.width);
    a("pixels", v.pixels);
    a("source", v.source);
    a("notes", v.notes);
}

template <typename A> void fields(A& a, EvaluationCounts& v)
{
    a("forwards", v.forwards);
    a("backwards", v.backwards);
}

namespace archive {

[[nodiscard]] inline Error misfit() { return Error(ErrorCode::Format, "A stored result does not fit together."); }

inline void require(bool isSound)
{
    if (!isSound)
        throw misfit();
}

/// Kept as bytes: many of them, and cheap to compare.
template <typename T> inline constexpr bool isPacked = false;
template <> inline constexpr bool isPacked<float> = true;
template <> inline constexpr bool isPacked<double> = true;
// A trace step is written as it lies in memory.
template <> inline constexpr bool isPacked<TraceStep> = true;
static_assert(sizeof(TraceStep) == 5 * 4 && std::is_trivially_copyable_v<TraceStep>);
template <typename T>
concept Packed = isPacked<T>;

class Writer {
public:
    explicit Writer(ResultDocument& document) : m_document(document) {}

    template <typename T> requires std::is_class_v<T> Json put(const T& value)
    {
        Json object = Json::object();
        Into into{*this, object};
        fields(into, const_cast<T&>(value)); // only read
        return object;
    }
    template <std::integral T> Json put(T value) { return value; }
    template <typename T> requires std::is_enum_v<T> Json put(T value) { return int(value); }
    /// JSON has no words for these.
    Json put(double value)
    {
        return std::isfinite(value) ? Json(value) : std::isnan(value) ? Json("nan") : Json(value > 0 ? "inf" : "-inf");
    }
    Json put(const std::string& value) { return value; }
    Json put(const Json& value) { return value; }
    Json put(const Params& value) { return value.toJson(); }
    template <typename T> Json put(const std::shared_ptr<const T>& value) { return value ? put(*value) : Json(); }
    Json put(const std::array<double, 2>& value) { return Json::array({put(value[0]), put(value[1])}); }
    template <typename T> Json put(const std::vector<T>& values)
    {
        Json list = Json::array();
        for (const T& value : values)
            list.push_back(put(value));
        return list;
    }
    template <Packed T> Json put(const std::vector<T>& values)
    {
        const std::size_t at = m_document.data.size();
        const std::size_t bytes = values.size() * sizeof(T);
        m_document.data.resize(at + bytes);
        if (bytes > 0)
            std::memcpy(m_document.data.data() + at, values.data(), bytes);
        return {{"at", at}, {"count", values.size()}};
    }

private:
    struct Into {
        Writer& writer;
        Json& object;
        static constexpr bool isReading = false;
        template <typename T> void operator()(const char* name, const T& value) { object[name] = writer.put(value); }
        template <typename T> void operator()(const char* name, const std::optional<T>& value)
        {
            if (value)
                object[name] = writer.put(*value);
        }
        template <typename T> void operator()(const char* name, const std::shared_ptr<const T>& value)
        {
            if (value)
                object[name] = writer.put(*value);
        }
    };

    ResultDocument& m_document;
};

class Reader {
public:
    explicit Reader(std::string_view data) : m_data(data) {}

    template <typename T> requires std::is_class_v<T> void get(const Json& json, T& value) const
    {
        require(json.is_object());
        From from{*this, json};
        fields(from, value);
    }
    template <std::integral T> void get(const Json& json, T& value) const { value = json.get<T>(); }
    template <typename T> requires std::is_enum_v<T> void get(const Json& json, T& value) const { value = T(json.get<int>()); }
    void get(const Json& json, double& value) const
    {
        constexpr double infinity = std::numeric_limits<double>::infinity();
        value = !json.is_string() ? json.get<double>() : json == "nan" ? std::nan("") : json == "-inf" ? -infinity : infinity;
    }
    void get(const Json& json, std::string& value) const { value = json.get<std::string>(); }
    void get(const Json& json, Json& value) const { value = json; }
    /// Over the values that are there.
    void get(const Json& json, Params& value) const { setKnown(value, json); }
    template <typename T> void get(const Json& json, std::shared_ptr<const T>& value) const
    {
        value.reset();
        if (json.is_null())
            return;
        auto read = std::make_shared<T>();
        get(json, *read);
        value = std::move(read);
    }
    void get(const Json& json, std::array<double, 2>& value) const
    {
        get(json.at(0), value[0]);
        get(json.at(1), value[1]);
    }
    template <typename T> void get(const Json& json, std::vector<T>& values) const
    {
        require(json.is_array());
        values.clear();
        for (const Json& entry : json)
            get(entry, values.emplace_back());
    }
    template <Packed T> void get(const Json& json, std::vector<T>& values) const
    {
        const auto at = json.at("at").get<std::size_t>();
        const auto count = json.at("count").get<std::size_t>();
        require(at <= m_data.size() && count <= (m_data.size() - at) / sizeof(T));
        values.resize(count);
        if (count > 0)
            std::memcpy(values.data(), m_data.data() + at, count * sizeof(T));
    }

private:
    struct From {
        const Reader& reader;
        const Json& object;
        static constexpr bool isReading = true;
        template <typename T> void operator()(const char* name, T& value)
        {
            if (const auto found = object.find(name); found != object.end())
                reader.get(*found, value);
        }
        template <typename T> void operator()(const char* name, std::optional<T>& value)
        {
            value.reset();
            if (const auto found = object.find(name); found != object.end())
                reader.get(*found, value.emplace());
        }
        template <typename T> void operator()(const char* name, std::shared_ptr<const T>& value)
        {
            value.reset();
            if (const auto found = object.find(name); found != object.end())
                reader.get(*found, value);
        }
    };

    std::string_view m_data;
};

/// @throws Error(Format) for a document that does not fit together.
template <typename T> [[nodiscard]] T valueFrom(const Json& header, std::string_view data)
{
    try {
        T value;
        Reader(data).get(header, value);
        return value;
    } catch (const Json::exception&) {
        throw misfit();
    }
}

template <typename T> [[nodiscard]] ResultDocument documentOfValue(const T& value)
{
    ResultDocument document;
    document.header = Writer(document).put(value);
    return document;
}

/// As views rely on it; a damaged document must not reach them.
[[nodiscard]] inline bool isWhole(const Image& image)
{
    return image.size() == std::size_t(image.channels) * std::size_t(image.height) * std::size_t(image.width);
}

} // namespace archive

} // namespace brink
