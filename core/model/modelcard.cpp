// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/modelcard.h"

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/model/publishedaccuracy.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>

namespace brink {
namespace {

[[noreturn]] void refuse(const std::string& key, const std::string& expected)
{
    throw Error(ErrorCode::Format, "Model card key \"" + key + "\" must be " + expected + ".");
}

const std::vector<std::string>& knownKeys()
{
    static const std::vector<std::string> keys{
        "name", "family", "input", "range", "mean", "std", "channelOrder", "resize", "classes", "bpda", "published", "origin"};
    return keys;
}

std::string textOf(const Json& value, const std::string& key)
{
    if (!value.is_string())
        refuse(key, "text");
    return value.get<std::string>();
}

std::vector<double> numbersOf(const Json& value, const std::string& key)
{
    if (!value.is_array())
        refuse(key, "a list of numbers");
    std::vector<double> numbers;
    for (const Json& entry : value) {
        if (!entry.is_number() || !std::isfinite(entry.get<double>()))
            refuse(key, "a list of finite numbers");
        numbers.push_back(entry.get<double>());
    }
    return numbers;
}

std::array<int, 3> inputOf(const Json& value)
{
    // Above this a single image would not fit in memory; such a number is a slip.
    constexpr int largestSide = 16384;
    const char* expected = "three whole numbers, channels (1 or 3), height and width, e.g. [3,32,32]";
    const auto numbers = numbersOf(value, "input");
    if (numbers.size() != 3)
        refuse("input", expected);
    std::array<int, 3> input{};
    for (std::size_t i = 0; i < 3; ++i) {
        if (numbers[i] != std::floor(numbers[i]) || numbers[i] < 1 || numbers[i] > largestSide)
            refuse("input", expected);
        input[i] = int(numbers[i]);
    }
    if (input[0] != 1 && input[0] != 3)
        refuse("input", expected);
    return input;
}

std::array<double, 2> rangeOf(const Json& value)
{
    const auto numbers = numbersOf(value, "range");
    if (numbers.size() != 2 || numbers[0] == numbers[1])
        refuse("range", "two different numbers, the model's values for black and white, e.g. [0,255]");
    return {numbers[0], numbers[1]};
}

std::vector<double> perChannelOf(const Json& value, const std::string& key)
{
    auto numbers = numbersOf(value, key);
    if (numbers.size() > 3 || numbers.size() == 2)
        refuse(key, "one number, or one a channel");
    return numbers;
}

std::vector<double> deviationsOf(const Json& value)
{
    auto deviations = perChannelOf(value, "std");
    if (std::ranges::any_of(deviations, [](double s) { return s <= 0; }))
        refuse("std", "positive");
    return deviations;
}

std::string channelOrderOf(const Json& value)
{
    const std::string order = textOf(value, "channelOrder");
    if (order != "rgb" && order != "bgr")
        refuse("channelOrder", "\"rgb\" or \"bgr\"");
    return order;
}

std::vector<std::string> classesOf(const Json& value)
{
    if (!value.is_array())
        refuse("classes", "a list of names");
    std::vector<std::string> names;
    for (const Json& entry : value)
        names.push_back(textOf(entry, "classes"));
    return names;
}

bool flagOf(const Json& value, const std::string& key)
{
    if (!value.is_boolean())
        refuse(key, "true or false");
    return value.get<bool>();
}

/// Sizes of mean and std must agree with the channels, when those are known.
void checkChannels(const ModelCard& card)
{
    if (!card.input)
        return;
    const auto channels = std::size_t((*card.input)[0]);
    for (const auto& [key, values] : {std::pair{"mean", &card.mean}, std::pair{"std", &card.standardDeviation}}) {
        if (values->size() > 1 && values->size() != channels)
            throw Error(ErrorCode::Shape, std::string("Model card key \"") + key + "\" has " + std::to_string(values->size())
                    + " numbers, but the input has " + std::to_string(channels) + " channels.");
    }
    if (card.channelOrder == "bgr" && channels == 1)
        throw Error(ErrorCode::Shape, "Model card key \"channelOrder\" is \"bgr\", but the input has one channel.");
}

void setKey(ModelCard& card, const std::string& key, const Json& value)
{
    if (key == "name")
        card.name = textOf(value, key);
    else if (key == "family")
        card.family = textOf(value, key);
    else if (key == "input")
        card.input = inputOf(value);
    else if (key == "range")
        card.range = rangeOf(value);
    else if (key == "mean")
        card.mean = perChannelOf(value, key);
    else if (key == "std")
        card.standardDeviation = deviationsOf(value);
    else if (key == "channelOrder")
        card.channelOrder = channelOrderOf(value);
    else if (key == "resize")
        card.resizeRule = resizeRuleFromName(textOf(value, key));
    else if (key == "classes")
        card.classNames = classesOf(value);
    else if (key == "bpda")
        card.usesBpda = flagOf(value, key);
    else if (key == "published")
        static_cast<void>(publishedAccuraciesFrom(value)); // kept apart: publishedAccuracies()
    else if (key != "origin") // written for the reader, found again by the loader
        throw Error(ErrorCode::Format, unknownName("model card key", key, knownKeys()));
}

std::filesystem::path cardPath(const std::filesystem::path& modelPath)
{
    auto path = modelPath;
    path.replace_extension(".card.json");
    return path;
}

} // namespace

void applyToCard(ModelCard& card, const Json& json)
{
    if (!json.is_object())
        throw Error(ErrorCode::Format, "A model card must be a JSON object, e.g. {\"input\":[3,32,32],\"range\":[0,1]}.");
    for (const auto& [key, value] : json.items())
        setKey(card, key, value);
    checkChannels(card);
}

ModelCard modelCardFromJson(const Json& json)
{
    ModelCard card;
    applyToCard(card, json);
    return card;
}

Json toJson(const ModelCard& card)
{
    Json json;
    json["name"] = card.name;
    if (!card.family.empty())
        json["family"] = card.family;
    setIfPresent(json, "input", card.input);
    json["range"] = card.range;
    if (!card.mean.empty())
        json["mean"] = card.mean;
    if (!card.standardDeviation.empty())
        json["std"] = card.standardDeviation;
    json["channelOrder"] = card.channelOrder;
    json["resize"] = resizeRuleName(card.resizeRule);
    if (!card.classNames.empty())
        json["classes"] = card.classNames;
    if (card.usesBpda)
        json["bpda"] = true;
    json["origin"] = card.origin;
    return json;
}

ModelCard loadModelCard(const std::string& modelPath)
{
    const std::filesystem::path path(modelPath);
    ModelCard card;
    card.name = path.stem().string();
    const auto beside = cardPath(path);
    std::error_code ignored;
    if (!std::filesystem::exists(beside, ignored))
        return card;
    std::ifstream file(beside);
    if (!file)
        throw Error(ErrorCode::Io, beside.string() + ": the model card cannot be opened; check its permissions or remove it.");
    try {
        applyToCard(card, Json::parse(file));
    } catch (const Json::exception&) {
        throw Error(ErrorCode::Format, beside.string() + ": the model card is not valid JSON; correct or remove it.");
    } catch (const Error& error) {
        throw error.withContext(beside.string());
    }
    card.origin = "card file";
    return card;
}

} // namespace brink
