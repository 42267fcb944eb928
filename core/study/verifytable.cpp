// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/study/verifytable.h"

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/base/text.h"
#include "core/data/dataset.h"
#include "core/data/filebytes.h"

#include <array>
#include <cstring>
#include <filesystem>
#include <fstream>

namespace brink {

namespace {

[[noreturn]] void refuse(const std::string& what) { throw Error(ErrorCode::Format, what); }

template <typename Value>
Value valueOf(const Json& json, const char* key, const char* expected)
{
    if (!json.is_object() || !json.contains(key))
        refuse("\"" + std::string(key) + "\" is missing");
    try {
        return json[key].get<Value>();
    } catch (const Json::exception&) {
        refuse("\"" + std::string(key) + "\" must be " + expected);
    }
}

std::int64_t indexOf(const Json& json, const char* key)
{
    const auto index = valueOf<std::int64_t>(json, key, "a whole number");
    if (index < 0 || !json[key].is_number_integer())
        refuse("\"" + std::string(key) + "\" must be a whole number from 0");
    return index;
}

/// Beside the table, or one folder up; the name itself when it is in neither place.
std::string placeOf(const std::string& name, const std::filesystem::path& table)
{
    const std::filesystem::path folder = table.parent_path();
    for (const auto& place : {folder / name, folder / ".." / name}) {
        std::error_code ignored;
        if (std::filesystem::exists(place, ignored))
            return place.lexically_normal().string();
    }
    refuse("\"" + name + "\" is neither beside the table nor one folder up");
}

bool isTrusted(const std::string& word, VerifyTrust trust) { return word == "hard" || (word == "majority" && trust == VerifyTrust::Majority); }

/// @return nothing for a line that says nothing, or nothing sure enough.
std::optional<VerifyInstance> instanceFrom(const Json& line, const std::filesystem::path& table, VerifyTrust trust)
{
    const auto verdict = valueOf<std::string>(line, "verdict", "a word");
    const auto sureness = valueOf<std::string>(line, "trust", "a word");
    if (verdict != "robust" && verdict != "violated" && verdict != "unknown")
        refuse("\"verdict\" must be robust, violated or unknown");
    if (verdict == "unknown" || !isTrusted(sureness, trust))
        return std::nullopt;
    if (const auto norm = valueOf<std::string>(line, "norm", "a word"); lowerCase(norm) != "linf")
        refuse("\"norm\" is " + norm + ", but only balls in Linf can be checked");
    VerifyInstance instance;
    instance.id = valueOf<std::string>(line, "id", "a name");
    instance.model = valueOf<std::string>(line, "model", "a name");
    const auto image = valueOf<Json>(line, "image", "an object");
    instance.imageFile = placeOf(valueOf<std::string>(image, "file", "a file name"), table);
    instance.record = indexOf(image, "record");
    instance.criterion.reference = indexOf(line, "label");
    if (line.value("property", std::string()).starts_with("targeted"))
        instance.criterion.target = indexOf(line, "target");
    instance.eps = valueOf<double>(line, "eps", "a number");
    if (!(instance.eps > 0 && instance.eps <= 1))
        refuse("\"eps\" must lie between 0 and 1, in pixel units");
    instance.verdict = verdict == "robust" ? VerifyVerdict::Robust : VerifyVerdict::Violated;
    instance.isHard = sureness == "hard";
    if (line.contains("witness"))
        instance.witness = VerifyWitness{placeOf(valueOf<std::string>(line["witness"], "file", "a file name"), table), indexOf(line["witness"], "record")};
    return instance;
}

} // namespace

VerifyTrust verifyTrustFromName(std::string_view name)
{
    if (name == "hard")
        return VerifyTrust::Hard;
    if (name == "majority")
        return VerifyTrust::Majority;
    throw Error(ErrorCode::Usage, unknownName("trust", name, {"hard", "majority"}));
}

VerifyTable readVerifyTable(const std::string& path, VerifyTrust trust)
{
    VerifyTable table{path, {}, 0};
    std::int64_t number = 0;
    for (const std::string& line : split(readTextFile(path), '\n')) {
        ++number;
        if (trimmed(line).empty())
            continue;
        try {
            const Json json = Json::parse(line);
            if (auto instance = instanceFrom(json, path, trust))
                table.instances.push_back(std::move(*instance));
            else
                ++table.leftOut;
        } catch (const Json::exception&) {
            refuse(path + ", line " + std::to_string(number) + ": this is no JSON object; a table has one a line.");
        } catch (const Error& error) {
            refuse(path + ", line " + std::to_string(number) + ": " + error.message() + ".");
        }
    }
    return table;
}

Image verifyImage(const VerifyInstance& instance)
{
    const auto dataset = openDataset(instance.imageFile);
    const auto label = dataset->label(instance.record);
    if (label && *label != instance.criterion.reference)
        throw Error(ErrorCode::Format, instance.id + ": the table's label is " + std::to_string(instance.criterion.reference) + ", that of "
                + instance.imageFile + " is " + std::to_string(*label) + "; the table belongs to other images.");
    return dataset->image(instance.record);
}

std::optional<Image> verifyWitness(const VerifyInstance& instance, const Image& like)
{
    if (!instance.witness)
        return std::nullopt;
    Image image = like;
    image.source = instance.id + " (witness)";
    const std::streamoff bytes = std::streamoff(image.size() * sizeof(float));
    std::ifstream file(instance.witness->file, std::ios::binary);
    file.seekg(std::streamoff(instance.witness->record) * bytes);
    std::vector<std::array<unsigned char, 4>> raw(image.size());
    file.read(reinterpret_cast<char*>(raw.data()), bytes);
    if (!file)
        throw Error(ErrorCode::Io, instance.witness->file + ": record " + std::to_string(instance.witness->record) + ", the witness of "
                + instance.id + ", cannot be read.");
    for (std::size_t i = 0; i < raw.size(); ++i) {
        const std::uint32_t bits = raw[i][0] | std::uint32_t(raw[i][1]) << 8 | std::uint32_t(raw[i][2]) << 16 | std::uint32_t(raw[i][3]) << 24;
        std::memcpy(&image.pixels[i], &bits, sizeof bits);
    }
    return image;
}

} // namespace brink
