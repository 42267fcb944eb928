// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/dataset.h"

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/data/datasetreader.h"
#include "core/data/labels.h"

#include <algorithm>
#include <filesystem>
#include <new>

namespace brink {

namespace fs = std::filesystem;

namespace {

std::vector<DatasetReader> allReaders()
{
    return {
#define DATASET_READER(name) name##Reader(),
#include "core/data/datasets.def"
#undef DATASET_READER
    };
}

DatasetSource sourceAt(const std::string& path)
{
    constexpr std::uint64_t headBytes = 64;
    std::error_code failure;
    const fs::file_status status = fs::status(path, failure);
    if (!fs::exists(status))
        throw Error(ErrorCode::Io, path + ": there is no such file or folder. Check the name.");
    DatasetSource source{path, fs::is_directory(status), {}};
    if (!source.isFolder)
        source.head = InflatingReader(path).read(headBytes);
    return source;
}

/// By content first; a format without marks, or a file too damaged to show them, by the ending of its name.
DatasetReader readerFor(const DatasetSource& source)
{
    const std::vector<DatasetReader> readers = allReaders();
    for (const DatasetReader& reader : readers)
        if (reader.recognises(source))
            return reader;
    const std::string name = lowerCase(source.path);
    for (const DatasetReader& reader : readers)
        for (const std::string& ending : reader.format.endings)
            if (!source.isFolder && name.ends_with(ending))
                return reader;
    throw Error(ErrorCode::Unsupported, source.path + ": this is neither an image nor a data set that can be read. Known are images (PNG, JPEG, BMP, "
            "TIFF, WebP), folders of them, IDX, CIFAR .bin, a CSV manifest and .npy.");
}

/// A data set with labels of another file.
class RelabelledDataset : public Dataset {
public:
    RelabelledDataset(std::shared_ptr<const Dataset> images, std::vector<std::int64_t> labels)
        : m_images(std::move(images)), m_labels(std::move(labels))
    {
    }

    [[nodiscard]] std::string name() const override { return m_images->name(); }
    [[nodiscard]] std::int64_t size() const override { return m_images->size(); }
    [[nodiscard]] Image image(std::int64_t index) const override { return m_images->image(index); }
    [[nodiscard]] const std::vector<std::string>& classNames() const override { return m_images->classNames(); }
    [[nodiscard]] std::optional<std::int64_t> label(std::int64_t index) const override
    {
        checkIndex(name(), index, size());
        return m_labels[std::size_t(index)];
    }

private:
    std::shared_ptr<const Dataset> m_images;
    std::vector<std::int64_t> m_labels;
};

std::shared_ptr<const Dataset> relabelled(std::shared_ptr<const Dataset> dataset, const std::string& labelsPath)
{
    std::vector<std::int64_t> labels = readLabels(labelsPath, dataset->classNames());
    if (std::int64_t(labels.size()) != dataset->size())
        throw Error(ErrorCode::Shape, labelsPath + ": holds " + std::to_string(labels.size()) + " labels for the " + std::to_string(dataset->size())
                + " images of " + dataset->name() + ". Give one label per image.");
    checkLabelsHaveNames(labelsPath, labels, dataset->classNames());
    return std::make_shared<RelabelledDataset>(std::move(dataset), std::move(labels));
}

std::int64_t rangeNumber(std::string_view text, std::string_view range)
{
    const auto number = parseInteger(text);
    if (!number)
        throw Error(ErrorCode::Usage, "\"#" + std::string(range) + "\" is no range of images. Write #0:100 or #3,7,9.");
    return *number;
}

void appendRange(std::vector<std::int64_t>& indices, std::string_view part, std::string_view range, std::int64_t size)
{
    const auto colon = part.find(':');
    const std::string_view firstText = trimmed(part.substr(0, colon));
    std::int64_t first = 0;
    std::int64_t end = size;
    if (colon == std::string_view::npos) {
        first = rangeNumber(firstText, range);
        end = first < size ? first + 1 : first;
    } else {
        const std::string_view endText = trimmed(part.substr(colon + 1));
        if (!firstText.empty())
            first = rangeNumber(firstText, range);
        if (!endText.empty())
            end = rangeNumber(endText, range);
    }
    const bool isSingleOutside = colon == std::string_view::npos && first >= size;
    if (first < 0 || end > size || isSingleOutside)
        throw Error(ErrorCode::Domain, "\"#" + std::string(range) + "\" asks for images outside the set, which has "
                + std::to_string(size) + " (0 to " + std::to_string(size - 1) + ").");
    if (first >= end)
        throw Error(ErrorCode::Usage, "\"#" + std::string(range) + "\" has an empty range. Write #first:end with the end after the first.");
    for (std::int64_t index = first; index < end; ++index)
        indices.push_back(index);
}

} // namespace

std::string fileNameOf(const std::string& path)
{
    const fs::path name = fs::path(path).filename();
    return name.empty() ? fs::path(path).parent_path().filename().string() : name.string();
}

std::string recordSource(const std::string& name, std::int64_t index)
{
    return name + "#" + std::to_string(index);
}

void checkIndex(const std::string& name, std::int64_t index, std::int64_t size)
{
    if (index < 0 || index >= size)
        throw Error(ErrorCode::Domain, name + ": there is no image " + std::to_string(index) + "; the set has " + std::to_string(size) + ".");
}

ImageSpec ImageSpec::parse(std::string_view text)
{
    const auto hash = text.rfind('#');
    std::error_code ignored;
    if (hash == std::string_view::npos || fs::exists(fs::path(text), ignored)) {
        if (text.empty())
            throw Error(ErrorCode::Usage, "The name of an image or data set is empty.");
        return {std::string(text), {}};
    }
    if (hash == 0 || hash + 1 == text.size())
        throw Error(ErrorCode::Usage, "\"" + std::string(text) + "\" names no file or no range. Write FILE, FILE#0:100 or FILE#3,7,9.");
    return {std::string(text.substr(0, hash)), std::string(text.substr(hash + 1))};
}

std::shared_ptr<const Dataset> openDataset(const std::string& path, const DatasetOptions& options)
{
    try {
        const DatasetSource source = sourceAt(path);
        auto dataset = readerFor(source).open(path);
        return options.labelsPath.empty() ? dataset : relabelled(std::move(dataset), options.labelsPath);
    } catch (const std::bad_alloc&) {
        throw Error(ErrorCode::Resource, path + ": there is not enough memory to read the file. Split it.");
    }
}

void checkLabels(const Dataset& dataset, std::int64_t classes)
{
    for (std::int64_t i = 0; i < dataset.size(); ++i) {
        const auto label = dataset.label(i);
        if (label && (*label < 0 || *label >= classes))
            throw Error(ErrorCode::Domain, dataset.name() + ": image " + std::to_string(i) + " has the label " + std::to_string(*label)
                    + ", but the model has the classes 0 to " + std::to_string(classes - 1) + ". Check that model and data set belong together.");
    }
}

std::vector<std::int64_t> parseIndexRange(std::string_view range, std::int64_t size)
{
    std::vector<std::int64_t> indices;
    if (range.empty()) {
        for (std::int64_t index = 0; index < size; ++index)
            indices.push_back(index);
        return indices;
    }
    for (const std::string& part : split(range, ','))
        appendRange(indices, part, range, size);
    return indices;
}

std::vector<DatasetFormat> datasetFormats()
{
    std::vector<DatasetFormat> formats;
    for (const DatasetReader& reader : allReaders())
        formats.push_back(reader.format);
    return formats;
}

} // namespace brink
