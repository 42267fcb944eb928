// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/resultdocument.h"

#include "core/base/error.h"

#include <bit>
#include <cmath>
#include <concepts>
#include <cstring>
#include <limits>
#include <type_traits>

namespace brink {

static_assert(std::endian::native == std::endian::little, "documents hold little-endian numbers");

namespace {

// The fields of each struct by name, once for writing and reading. tests/core/store counts them, so that a new one is
// not forgotten.

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

template <typename A> void fields(A& a, Distances& v)
{
    a("l0", v.l0);
    a("l1", v.l1);
    a("l2", v.l2);
    a("linf", v.linf);
}

template <typename A> void fields(A& a, AttackIterate& v)
{
    a("step", v.step);
    a("image", v.image);
}

template <typename A> void fields(A& a, AttackOutcome& v)
{
    a("name", v.name);
    a("norm", v.norm);
    a("eps", v.eps);
    a("reference", v.reference);
    a("target", v.target);
    a("success", v.success);
    a("wasMisclassified", v.wasMisclassified);
    a("adversarialClass", v.adversarialClass);
    a("adversarial", v.adversarial);
    a("attempt", v.attempt);
    a("distance", v.distance);
    a("survives8bit", v.survives8bit);
    a("survivesJpeg", v.survivesJpeg);
    a("failure", v.failure);
    a("stopped", v.stopped);
    a("steps", v.steps);
    a("counts", v.counts);
    a("seconds", v.seconds);
    a("parameters", v.parameters);
    a("trace", v.trace);
    a("iterates", v.iterates);
    a("warnings", v.warnings);
}

template <typename A> void fields(A& a, WeibullFit& v)
{
    a("status", v.status);
    a("reason", v.reason);
    a("location", v.location);
    a("scale", v.scale);
    a("shape", v.shape);
    a("locationInterval", v.locationInterval);
    a("negativeLogLikelihood", v.negativeLogLikelihood);
    a("ks", v.ks);
    a("p", v.p);
    a("sampleMaximum", v.sampleMaximum);
}

template <typename A> void fields(A& a, WeibullOptions& v)
{
    a("method", v.method);
    a("shapePenalty", v.shapePenalty);
    a("computeInterval", v.computeInterval);
}

template <typename A> void fields(A& a, CleverCurvePoint& v)
{
    a("at", v.at);
    a("score", v.score);
    a("interval", v.interval);
    a("capped", v.capped);
}

template <typename A> void fields(A& a, CleverTargetResult& v)
{
    a("target", v.target);
    a("margin", v.margin);
    a("lipschitz", v.lipschitz);
    a("score", v.score);
    a("interval", v.interval);
    a("hasInterval", v.hasInterval);
    a("isRefused", v.isRefused);
    a("capped", v.capped);
    a("gradientNorm", v.gradientNorm);
    a("linearisedDistance", v.linearisedDistance);
    a("fit", v.fit);
    a("zeroGradientShare", v.zeroGradientShare);
    a("maxima", v.maxima);
    a("isRuledOut", v.isRuledOut);
    a("byBatches", v.byBatches);
    a("byRadius", v.byRadius);
}

template <typename A> void fields(A& a, SecondOrderResult& v)
{
    a("target", v.target);
    a("margin", v.margin);
    a("gradientNorm", v.gradientNorm);
    a("curvature", v.curvature);
    a("score", v.score);
    a("capped", v.capped);
    a("fit", v.fit);
}

template <typename A> void fields(A& a, CleverResult& v)
{
    a("norm", v.norm);
    a("radius", v.radius);
    a("batches", v.batches);
    a("samples", v.samples);
    a("sampling", v.sampling);
    a("fitOptions", v.fitOptions);
    a("reference", v.reference);
    a("score", v.score);
    a("interval", v.interval);
    a("target", v.target);
    a("capped", v.capped);
    a("effectiveRadius", v.effectiveRadius);
    a("targets", v.targets);
    a("otherNorms", v.otherNorms);
    a("secondOrder", v.secondOrder);
    a("isMisclassified", v.isMisclassified);
    a("partial", v.partial);
    a("isSettled", v.isSettled);
    a("batchesDone", v.batchesDone);
    a("savedShare", v.savedShare);
    a("counts", v.counts);
    a("seconds", v.seconds);
    a("warnings", v.warnings);
}

template <typename A> void fields(A& a, RandomDirectionResult& v)
{
    a("norm", v.norm);
    a("directions", v.directions);
    a("crossings", v.crossings);
    a("minimum", v.minimum);
    a("q05", v.q05);
    a("median", v.median);
    a("q95", v.q95);
}

template <typename A> void fields(A& a, CertifiedMargin& v)
{
    a("target", v.target);
    a("margin", v.margin);
    a("lowerBound", v.lowerBound);
    a("lipschitz", v.lipschitz);
}

template <typename A> void fields(A& a, Counterexample& v)
{
    a("image", v.image);
    a("predicted", v.predicted);
    a("distance", v.distance);
}

template <typename A> void fields(A& a, CertifyResult& v)
{
    a("norm", v.norm);
    a("method", v.method);
    a("reference", v.reference);
    a("eps", v.eps);
    a("isProved", v.isProved);
    a("radius", v.radius);
    a("nextFailed", v.nextFailed);
    a("counterexample", v.counterexample);
    a("isCapped", v.isCapped);
    a("slack", v.slack);
    a("margins", v.margins);
    a("balls", v.balls);
    a("domains", v.domains);
    a("isPartial", v.isPartial);
    a("seconds", v.seconds);
}

template <typename A> void fields(A& a, InspectResult& v)
{
    a("modelName", v.modelName);
    a("modelSha256", v.modelSha256);
    a("imageSource", v.imageSource);
    a("channels", v.channels);
    a("height", v.height);
    a("width", v.width);
    a("classes", v.classes);
    a("classNames", v.classNames);
    a("index", v.index);
    a("label", v.label);
    a("predicted", v.predicted);
    a("logits", v.logits);
    a("image", v.image);
    a("conversions", v.conversions);
    a("norm", v.norm);
    a("seed", v.seed);
    a("target", v.target);
    a("clever", v.clever);
    a("certified", v.certified);
    a("certifiedBall", v.certifiedBall);
    a("uncertified", v.uncertified);
    a("attacks", v.attacks);
    a("randomDirections", v.randomDirections);
    a("best", v.best);
    a("adversarialLogits", v.adversarialLogits);
    a("linearisedDistance", v.linearisedDistance);
    a("alarms", v.alarms);
    a("partial", v.partial);
    a("counts", v.counts);
    a("seconds", v.seconds);
    a("warnings", v.warnings);
    a("parameters", v.parameters);
}

Error misfit() { return Error(ErrorCode::Format, "A stored result does not fit together."); }

void require(bool isSound)
{
    if (!isSound)
        throw misfit();
}

/// Kept as bytes: many of them, and cheap to compare.
template <typename T>
concept Packed = std::same_as<T, float> || std::same_as<T, double> || std::same_as<T, TraceStep>;
// A trace step is written as it lies in memory.
static_assert(sizeof(TraceStep) == 5 * 4 && std::is_trivially_copyable_v<TraceStep>);

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
            if (const auto found = object.find(name); found != object.end()) {
                auto read = std::make_shared<T>();
                reader.get(*found, *read);
                value = std::move(read);
            }
        }
    };

    std::string_view m_data;
};

/// What every view relies on; a damaged document must not reach them.
void checkShape(const InspectResult& result)
{
    const auto isWhole = [](const Image& image) {
        return image.size() == std::size_t(image.channels) * std::size_t(image.height) * std::size_t(image.width);
    };
    bool isSound = isWhole(result.image) && (!result.best || *result.best < result.attacks.size());
    for (const AttackOutcome& outcome : result.attacks) {
        isSound = isSound && (!outcome.adversarial || isWhole(*outcome.adversarial)) && (!outcome.attempt || isWhole(*outcome.attempt));
        if (outcome.iterates)
            for (const AttackIterate& iterate : *outcome.iterates)
                isSound = isSound && isWhole(iterate.image);
    }
    for (const auto* bound : {&result.certified, &result.certifiedBall})
        isSound = isSound && (!*bound || !(*bound)->counterexample || isWhole((*bound)->counterexample->image));
    require(isSound);
}

} // namespace

ResultDocument documentOf(const InspectResult& result)
{
    ResultDocument document;
    document.header = Writer(document).put(result);
    return document;
}

InspectResult resultFrom(const Json& header, std::string_view data)
{
    try {
        InspectResult result;
        Reader(data).get(header, result);
        checkShape(result);
        return result;
    } catch (const Json::exception&) {
        throw misfit();
    }
}

} // namespace brink
