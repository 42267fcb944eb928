// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/study/studydefinition.h"

#include "core/base/error.h"

#include <filesystem>
#include <fstream>
#include <sstream>

namespace brink {

Study readStudyDefinition(const std::string& path)
{
    std::ifstream file(path);
    std::stringstream text;
    text << file.rdbuf();
    if (!file)
        throw Error(ErrorCode::Io, path + ": the study cannot be read; check the name.");
    const Json json = Json::parse(text.str(), nullptr, false, true);
    if (json.is_discarded())
        throw Error(ErrorCode::Format, path + ": is no JSON; check brackets, commas and quotes.");
    return studyFromJson(json, std::filesystem::absolute(path).parent_path().string());
}

} // namespace brink
