// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/studyrun.h"

#include "core/base/error.h"
#include "core/store/database.h"
#include "core/store/studyfile.h"

#include <filesystem>
#include <system_error>

namespace brink {

namespace fs = std::filesystem;

namespace {

/// What two files must agree on. Where models and images lie may differ from machine to machine: their hashes count.
Json essence(const StudyFile& file)
{
    Json study = file.document("study");
    if (!study.is_object())
        return nullptr;
    for (Json& model : study["models"])
        model.erase("path");
    study.erase("images");
    Json models = file.document("models");
    Json images = Json::array();
    for (const Json& image : file.document("images"))
        images.push_back({image.at(0), image.at(2), image.at(3)});
    return {{"study", study}, {"models", models}, {"images", images}};
}

std::string difference(const Json& a, const Json& b)
{
    for (const char* part : {"models", "images"})
        if (a[part] != b[part])
            return part;
    for (const auto& entry : a["study"].items())
        if (!b["study"].contains(entry.key()) || b["study"][entry.key()] != entry.value())
            return entry.key();
    return "study";
}

} // namespace

void mergeStudies(const std::string& out, const std::vector<std::string>& in)
{
    std::error_code failure;
    if (fs::exists(out, failure))
        throw Error(ErrorCode::Usage, out + ": is there already; merge into a new file.");
    if (in.empty())
        throw Error(ErrorCode::Usage, "There is nothing to merge; name the files after the one to write.");
    for (const std::string& path : in)
        static_cast<void>(openDatabase(studyKind(), path, Access::Read));
    const std::string part = out + ".part";
    fs::remove(part, failure);
    {
        StudyFile merged(part);
        Json first;
        for (const std::string& path : in) {
            const StudyFile file(path);
            const Json here = essence(file);
            if (here.is_null())
                throw Error(ErrorCode::Usage, path + ": holds no study yet; run it first.");
            if (first.is_null()) {
                first = here;
                std::map<std::string, Json> documents;
                for (const char* name : {"study", "models", "images", "classes", "pairs"})
                    documents.emplace(name, file.document(name));
                merged.begin(documents);
            } else if (here != first) {
                throw Error(ErrorCode::Usage,
                    path + ": is of another study than " + in.front() + " (its \"" + difference(first, here) + "\" differ); merge files of one study.");
            }
            if (const Json total = file.document("total"); total.is_number_integer())
                merged.setDocument("total", total);
            for (const auto& [slot, key] : file.keys()) {
                const bool isOver = slot.kind == UnitKind::SurveyPart && merged.unit(surveyOf(slot));
                if (std::optional<UnitRecord> unit = isOver ? std::nullopt : file.unit(slot))
                    merged.put({*unit});
            }
        }
        merged.closeLog();
    }
    fs::rename(part, out, failure);
    if (failure)
        throw unwritable(studyKind(), out, failure.message());
}

} // namespace brink
