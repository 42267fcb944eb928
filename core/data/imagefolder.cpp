// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/error.h"
#include "core/base/text.h"
#include "core/data/datasetreader.h"
#include "core/data/imagelist.h"
#include "core/data/labels.h"

#include <algorithm>
#include <filesystem>

namespace brink {

namespace fs = std::filesystem;

namespace {

struct FolderContent {
    std::vector<std::string> images;  ///< sorted paths
    std::vector<std::string> folders; ///< sorted paths of subfolders
};

FolderContent contentOf(const std::string& path)
{
    FolderContent content;
    try {
        for (const fs::directory_entry& entry : fs::directory_iterator(path)) {
            const std::string name = entry.path().filename().string();
            if (name.starts_with('.'))
                continue;
            if (entry.is_directory())
                content.folders.push_back(entry.path().string());
            else if (entry.is_regular_file() && hasImageEnding(name))
                content.images.push_back(entry.path().string());
        }
    } catch (const fs::filesystem_error& e) {
        throw Error(ErrorCode::Io, path + ": the folder cannot be read (" + e.code().message() + "). Check the permissions.");
    }
    std::ranges::sort(content.images);
    std::ranges::sort(content.folders);
    return content;
}

struct ClassFolder {
    std::string name;
    std::int64_t label = 0;
    std::vector<std::string> images;
};

/// Class numbers of the folders: positions in classes.txt (in the folder or beside it) where all are listed there; else
/// the numbers themselves where all names are numbers; else positions in alphabetical order.
std::vector<std::string> numberClasses(std::vector<ClassFolder>& folders, const std::string& path)
{
    constexpr std::int64_t largestNumber = 100'000;
    constexpr std::string_view nameFiles[] = {"classes.txt"};
    for (const fs::path& place : {fs::path(path) / "x", fs::absolute(path).lexically_normal()}) {
        const std::vector<std::string> names = classNamesBeside(place.string(), nameFiles);
        const auto isListed = [&](const ClassFolder& folder) { return std::ranges::find(names, folder.name) != names.end(); };
        if (!std::ranges::all_of(folders, isListed))
            continue;
        for (ClassFolder& folder : folders)
            folder.label = std::ranges::find(names, folder.name) - names.begin();
        return names;
    }
    const auto isNumber = [&](const ClassFolder& folder) {
        const auto number = parseInteger(folder.name);
        return number && *number >= 0 && *number <= largestNumber;
    };
    const bool areNumbers = std::ranges::all_of(folders, isNumber);
    std::vector<std::string> names;
    for (std::size_t i = 0; i < folders.size(); ++i) {
        folders[i].label = areNumbers ? *parseInteger(folders[i].name) : std::int64_t(i);
        for (auto next = std::int64_t(names.size()); next <= folders[i].label; ++next)
            names.push_back(std::to_string(next));
        names[std::size_t(folders[i].label)] = folders[i].name;
    }
    return names;
}

std::shared_ptr<const Dataset> openClassFolders(const std::string& path, const std::vector<std::string>& subfolders)
{
    std::vector<ClassFolder> folders;
    for (const std::string& subfolder : subfolders)
        if (auto images = contentOf(subfolder).images; !images.empty())
            folders.push_back({fs::path(subfolder).filename().string(), 0, std::move(images)});
    if (folders.empty())
        throw Error(ErrorCode::Format, path + ": the folder holds no images. PNG, JPEG, BMP, TIFF and WebP are read.");
    if (folders.size() == 1)
        throw Error(ErrorCode::Format,
            path + ": only one of its folders holds images. Open " + (fs::path(path) / folders.front().name).string() + " instead.");
    ImageList list;
    list.name = fileNameOf(path);
    list.classNames = numberClasses(folders, path);
    std::ranges::stable_sort(folders, {}, &ClassFolder::label);
    for (const ClassFolder& folder : folders)
        for (const std::string& image : folder.images) {
            list.paths.push_back(image);
            list.labels.push_back(folder.label);
        }
    return makeImageListDataset(std::move(list));
}

std::shared_ptr<const Dataset> openFolder(const std::string& path)
{
    FolderContent content = contentOf(path);
    if (content.images.empty())
        return openClassFolders(path, content.folders);
    ImageList list;
    list.name = fileNameOf(path);
    list.labels.resize(content.images.size());
    list.paths = std::move(content.images);
    return makeImageListDataset(std::move(list));
}

} // namespace

DatasetReader imageFolderReader()
{
    return {{"folder", {}, "Images in alphabetical order without labels, or one subfolder per class (numbered by classes.txt, by their names if "
                          "these are numbers, else alphabetically)"},
        [](const DatasetSource& source) { return source.isFolder; }, openFolder};
}

} // namespace brink
