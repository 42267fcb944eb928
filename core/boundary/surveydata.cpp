// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/boundary/surveydata.h"

#include "core/base/error.h"

#include <array>
#include <cstring>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

namespace brink {

namespace {

// One list of fields for each structure, in both directions.

template <typename Archive>
void fields(Archive& archive, Warning& warning)
{
    archive("code", warning.code);
    archive("text", warning.text);
}

template <typename Archive>
void fields(Archive& archive, EvaluationCounts& counts)
{
    archive("forwards", counts.forwards);
    archive("backwards", counts.backwards);
}

template <typename Archive>
void fields(Archive& archive, Image& image)
{
    archive("channels", image.channels);
    archive("height", image.height);
    archive("width", image.width);
    archive("pixels", image.pixels);
    archive("source", image.source);
    archive("notes", image.notes);
}

template <typename Archive>
void fields(Archive& archive, BoundaryPoint& point)
{
    archive("point", point.point);
    archive("own", point.own);
    archive("other", point.other);
    archive("distance", point.distance);
    archive("cleanMargin", point.cleanMargin);
    archive("margin", point.margin);
    archive("gradientNorm", point.gradientNorm);
    archive("normal", point.normal);
    archive("bisections", point.bisections);
}

template <typename Archive>
void fields(Archive& archive, PrincipalDirection& direction)
{
    archive("curvature", direction.curvature);
    archive("eigenvalue", direction.eigenvalue);
    archive("residual", direction.residual);
    archive("vector", direction.vector);
}

template <typename Archive>
void fields(Archive& archive, CurvatureScale& scale)
{
    archive("step", scale.step);
    archive("mean", scale.mean);
    archive("lowest", scale.lowest);
    archive("highest", scale.highest);
}

template <typename Archive>
void fields(Archive& archive, CurvatureRequest& request)
{
    archive("method", request.method);
    archive("spectrum", request.spectrum);
    archive("step", request.step);
    archive("directions", request.directions);
    archive("lanczosSteps", request.lanczosSteps);
    archive("tolerance", request.tolerance);
    archive("probes", request.probes);
    archive("scales", request.scales);
    archive("seed", request.seed);
}

template <typename Archive>
void fields(Archive& archive, CurvatureResult& result)
{
    archive("point", result.point);
    archive("method", result.method);
    archive("methodReason", result.methodReason);
    archive("step", result.step);
    archive("reach", result.reach);
    archive("lowest", result.lowest);
    archive("highest", result.highest);
    archive("lanczosSteps", result.lanczosSteps);
    archive("isConverged", result.isConverged);
    archive("profile", result.profile);
    archive("matrixAsymmetry", result.matrixAsymmetry);
    archive("mean", result.mean);
    archive("meanError", result.meanError);
    archive("meanMagnitude", result.meanMagnitude);
    archive("rootMeanSquare", result.rootMeanSquare);
    archive("probes", result.probes);
    archive("scales", result.scales);
    archive("partial", result.partial);
    archive("counts", result.counts);
    archive("seconds", result.seconds);
    archive("warnings", result.warnings);
}

template <typename Archive>
void fields(Archive& archive, Generalisation& generalisation)
{
    archive("rho", generalisation.rho);
    archive("controlRho", generalisation.controlRho);
    archive("curvature", generalisation.curvature);
    archive("counts", generalisation.counts);
}

template <typename Archive>
void fields(Archive& archive, NoiseResponse& noise)
{
    archive("fooled", noise.fooled);
    archive("counts", noise.counts);
}

template <typename Archive>
void fields(Archive& archive, SurveyImage& image)
{
    archive("index", image.index);
    archive("label", image.label);
    archive("source", image.source);
    archive("sha256", image.sha256);
    archive("result", image.result);
    archive("failure", image.failure);
    archive("isHeldOut", image.isHeldOut);
    archive("generalisation", image.generalisation);
    archive("noise", image.noise);
}

template <typename Archive>
void fields(Archive& archive, DirectionBasis& basis)
{
    archive("dimension", basis.dimension);
    archive("rows", basis.rows);
}

template <typename Archive>
void fields(Archive& archive, SharedDirections& shared)
{
    archive("images", shared.images);
    archive("stacked", shared.stacked);
    archive("singularValues", shared.singularValues);
    archive("curved", shared.curved);
    archive("flat", shared.flat);
    archive("random", shared.random);
}

template <typename Archive>
void fields(Archive& archive, SharedDirectionsRequest& request)
{
    archive("each", request.each);
    archive("subspace", request.subspace);
    archive("seed", request.seed);
}

template <typename Archive>
void fields(Archive& archive, CurvatureSurvey& survey)
{
    archive("modelName", survey.modelName);
    archive("modelSha256", survey.modelSha256);
    archive("channels", survey.channels);
    archive("height", survey.height);
    archive("width", survey.width);
    archive("imagesSource", survey.imagesSource);
    archive("seed", survey.seed);
    archive("request", survey.request);
    archive("sharedRequest", survey.sharedRequest);
    archive("images", survey.images);
    archive("shared", survey.shared);
    archive("noiseNorms", survey.noiseNorms);
    archive("noiseDraws", survey.noiseDraws);
    archive("partial", survey.partial);
    archive("counts", survey.counts);
    archive("seconds", survey.seconds);
    archive("warnings", survey.warnings);
}

template <typename Archive>
void fields(Archive& archive, DetectionStatistic& statistic)
{
    archive("predicted", statistic.predicted);
    archive("classes", statistic.classes);
    archive("curvature", statistic.curvature);
    archive("statistic", statistic.statistic);
    archive("counts", statistic.counts);
}

template <typename Archive>
void fields(Archive& archive, PerturbedImage& image)
{
    archive("attack", image.attack);
    archive("scale", image.scale);
    archive("distance", image.distance);
    archive("isFooled", image.isFooled);
    archive("statistic", image.statistic);
}

template <typename Archive>
void fields(Archive& archive, DetectionImage& image)
{
    archive("index", image.index);
    archive("label", image.label);
    archive("source", image.source);
    archive("sha256", image.sha256);
    archive("isCalibration", image.isCalibration);
    archive("clean", image.clean);
    archive("perturbed", image.perturbed);
    archive("failure", image.failure);
}

template <typename Archive>
void fields(Archive& archive, DetectionRequest& request)
{
    archive("reach", request.reach);
    archive("probes", request.probes);
    archive("classes", request.classes);
    archive("seed", request.seed);
}

template <typename Archive>
void fields(Archive& archive, DetectionSurvey& survey)
{
    archive("modelName", survey.modelName);
    archive("modelSha256", survey.modelSha256);
    archive("classNames", survey.classNames);
    archive("classes", survey.classes);
    archive("imagesSource", survey.imagesSource);
    archive("seed", survey.seed);
    archive("step", survey.step);
    archive("request", survey.request);
    archive("attacks", survey.attacks);
    archive("scales", survey.scales);
    archive("images", survey.images);
    archive("partial", survey.partial);
    archive("counts", survey.counts);
    archive("seconds", survey.seconds);
    archive("warnings", survey.warnings);
}

template <typename Archive>
void fields(Archive& archive, PathPoint& point)
{
    archive("at", point.at);
    archive("label", point.label);
    archive("margin", point.margin);
}

template <typename Archive>
void fields(Archive& archive, RegionPath& path)
{
    archive("modelName", path.modelName);
    archive("modelSha256", path.modelSha256);
    archive("fromIndex", path.fromIndex);
    archive("toIndex", path.toIndex);
    archive("label", path.label);
    archive("className", path.className);
    archive("isFound", path.isFound);
    archive("isStraight", path.isStraight);
    archive("stopped", path.stopped);
    archive("failure", path.failure);
    archive("anchors", path.anchors);
    archive("depth", path.depth);
    archive("repaired", path.repaired);
    archive("straightLength", path.straightLength);
    archive("length", path.length);
    archive("straightMargin", path.straightMargin);
    archive("smallestMargin", path.smallestMargin);
    archive("gridPoints", path.gridPoints);
    archive("straight", path.straight);
    archive("path", path.path);
    archive("counts", path.counts);
    archive("seconds", path.seconds);
    archive("warnings", path.warnings);
}

template <typename Archive>
void fields(Archive& archive, ConvexityPoint& point)
{
    archive("k", point.k);
    archive("inside", point.inside);
    archive("samples", point.samples);
    archive("low", point.low);
    archive("high", point.high);
}

template <typename Archive>
void fields(Archive& archive, ConvexityResult& result)
{
    archive("modelName", result.modelName);
    archive("modelSha256", result.modelSha256);
    archive("images", result.images);
    archive("points", result.points);
    archive("seed", result.seed);
    archive("partial", result.partial);
    archive("counts", result.counts);
    archive("seconds", result.seconds);
}

template <typename Archive>
void fields(Archive& archive, RegionSurvey& survey)
{
    archive("modelName", survey.modelName);
    archive("modelSha256", survey.modelSha256);
    archive("imagesSource", survey.imagesSource);
    archive("images", survey.images);
    archive("classNames", survey.classNames);
    archive("paths", survey.paths);
    archive("convexity", survey.convexity);
    archive("seed", survey.seed);
    archive("partial", survey.partial);
}

template <typename Value>
constexpr bool isPlain = std::is_arithmetic_v<Value> || std::is_same_v<Value, std::string>;

/// Structures to JSON.
class Packer {
public:
    template <typename Value>
    void operator()(const char* key, Value& value) { m_json[key] = packed(value); }

    template <typename Value>
    [[nodiscard]] static Json packed(Value& value)
    {
        if constexpr (std::is_enum_v<Value>) {
            return int(value);
        } else if constexpr (isPlain<Value>) {
            return value;
        } else {
            Packer packer;
            fields(packer, value);
            return std::move(packer.m_json);
        }
    }

private:
    /// As they lie in memory: arrays of numbers are most of it.
    [[nodiscard]] static Json packed(std::vector<float>& values)
    {
        std::vector<std::uint8_t> bytes(values.size() * sizeof(float));
        if (!bytes.empty())
            std::memcpy(bytes.data(), values.data(), bytes.size());
        return Json::binary(std::move(bytes));
    }

    template <typename Value>
    [[nodiscard]] static Json packed(std::optional<Value>& value)
    {
        return value ? packed(*value) : Json();
    }

    template <typename Values>
    [[nodiscard]] static Json list(Values& values)
    {
        Json json = Json::array();
        for (auto& value : values)
            json.push_back(packed(value));
        return json;
    }
    template <typename Value>
    [[nodiscard]] static Json packed(std::vector<Value>& values) { return list(values); }
    template <typename Value, std::size_t size>
    [[nodiscard]] static Json packed(std::array<Value, size>& values) { return list(values); }

    Json m_json = Json::object();
};

/// And back.
class Unpacker {
public:
    explicit Unpacker(const Json& json) : m_json(json) {}

    template <typename Value>
    void operator()(const char* key, Value& value) { unpack(m_json.at(key), value); }

    template <typename Value>
    static void unpack(const Json& json, Value& value)
    {
        if constexpr (std::is_enum_v<Value>) {
            value = Value(json.get<int>());
        } else if constexpr (isPlain<Value>) {
            value = json.get<Value>();
        } else {
            Unpacker unpacker(json);
            fields(unpacker, value);
        }
    }

private:
    static void unpack(const Json& json, std::vector<float>& values)
    {
        const auto& bytes = json.get_binary();
        values.resize(bytes.size() / sizeof(float));
        if (!values.empty())
            std::memcpy(values.data(), bytes.data(), values.size() * sizeof(float));
    }

    template <typename Value>
    static void unpack(const Json& json, std::optional<Value>& value)
    {
        value.reset();
        if (!json.is_null())
            unpack(json, value.emplace());
    }

    template <typename Value>
    static void unpack(const Json& json, std::vector<Value>& values)
    {
        values.clear();
        for (const Json& entry : json)
            unpack(entry, values.emplace_back());
    }

    template <typename Value, std::size_t size>
    static void unpack(const Json& json, std::array<Value, size>& values)
    {
        for (std::size_t i = 0; i < size; ++i)
            unpack(json.at(i), values[i]);
    }

    const Json& m_json;
};

template <typename Value>
std::string toBytes(const Value& value)
{
    Value copy = value; // fields() goes both ways
    std::string bytes;
    Json::to_cbor(Packer::packed(copy), bytes);
    return bytes;
}

template <typename Value>
Value fromBytes(std::string_view bytes)
{
    try {
        Value value;
        Unpacker::unpack(Json::from_cbor(bytes.begin(), bytes.end()), value);
        return value;
    } catch (const Json::exception&) {
        throw Error(ErrorCode::Format, "a survey of the study is damaged; it is computed again by the next run");
    }
}

void dropPixels(CurvatureResult& result)
{
    result.point.point.pixels = {};
    result.point.normal = {};
    for (auto* side : {&result.lowest, &result.highest})
        for (PrincipalDirection& direction : *side)
            direction.vector = {};
}

} // namespace

std::string bytesOf(const SurveyImage& image) { return toBytes(image); }
std::string bytesOf(const DetectionImage& image) { return toBytes(image); }
std::string bytesOf(const CurvatureSurvey& survey) { return toBytes(survey); }
std::string bytesOf(const DetectionSurvey& survey) { return toBytes(survey); }
std::string bytesOf(const RegionSurvey& survey) { return toBytes(survey); }

SurveyImage surveyImageFrom(std::string_view bytes) { return fromBytes<SurveyImage>(bytes); }
DetectionImage detectionImageFrom(std::string_view bytes) { return fromBytes<DetectionImage>(bytes); }
CurvatureSurvey curvatureSurveyFrom(std::string_view bytes) { return fromBytes<CurvatureSurvey>(bytes); }
DetectionSurvey detectionSurveyFrom(std::string_view bytes) { return fromBytes<DetectionSurvey>(bytes); }
RegionSurvey regionSurveyFrom(std::string_view bytes) { return fromBytes<RegionSurvey>(bytes); }

CurvatureSurvey withoutPixels(CurvatureSurvey survey)
{
    bool isFirst = true;
    for (SurveyImage& image : survey.images) {
        if (!image.result)
            continue;
        const bool hasDirections = !image.result->lowest.empty();
        if (!hasDirections || !isFirst)
            dropPixels(*image.result);
        isFirst = isFirst && !hasDirections;
    }
    if (survey.shared)
        survey.shared->flat = survey.shared->random = {};
    return survey;
}

RegionSurvey withoutPixels(RegionSurvey survey)
{
    bool isFirst = true;
    for (RegionPath& path : survey.paths) {
        const bool hasCorners = path.isFound && !path.isStraight;
        if (!hasCorners || !isFirst)
            for (Image& anchor : path.anchors)
                anchor.pixels = {};
        isFirst = isFirst && !hasCorners;
    }
    return survey;
}

} // namespace brink
