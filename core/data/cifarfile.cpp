// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/error.h"
#include "core/data/datasetreader.h"
#include "core/data/labels.h"
#include "core/data/recorddataset.h"

namespace brink {

namespace {

constexpr std::size_t pictureBytes = 3 * 32 * 32;
constexpr std::uint64_t fileLimit = std::uint64_t(4) << 30;

/// CIFAR-10 records are one label byte and the picture; CIFAR-100 ones coarse label, fine label, picture.
struct CifarKind {
    std::size_t labelBytes;
    std::int64_t classes;
    std::vector<std::string_view> nameFiles;
};

const CifarKind& cifar10()
{
    static const CifarKind kind{1, 10, {"batches.meta.txt", "classes.txt"}};
    return kind;
}

const CifarKind& cifar100()
{
    static const CifarKind kind{2, 100, {"fine_label_names.txt", "classes.txt"}};
    return kind;
}

std::vector<std::int64_t> labelsOf(const Bytes& bytes, const CifarKind& kind)
{
    std::vector<std::int64_t> labels;
    for (std::size_t at = kind.labelBytes - 1; at < bytes.size(); at += kind.labelBytes + pictureBytes)
        labels.push_back(bytes[at]);
    return labels;
}

bool fits(const Bytes& bytes, const CifarKind& kind)
{
    return !bytes.empty() && bytes.size() % (kind.labelBytes + pictureBytes) == 0;
}

bool hasValidLabels(const Bytes& bytes, const CifarKind& kind)
{
    for (const std::int64_t label : labelsOf(bytes, kind))
        if (label >= kind.classes)
            return false;
    return true;
}

/// The record length decides; where both divide the file (multiples of 3073 x 3074 bytes), the labels do.
const CifarKind& kindOf(const Bytes& bytes, const std::string& path)
{
    const bool is10 = fits(bytes, cifar10());
    const bool is100 = fits(bytes, cifar100());
    if (is10 && is100)
        return hasValidLabels(bytes, cifar10()) ? cifar10() : cifar100();
    if (!is10 && !is100)
        throw Error(ErrorCode::Format, path + ": " + std::to_string(bytes.size()) + " bytes are no whole number of CIFAR-10 (3073) or CIFAR-100 (3074) "
                "records. The file is truncated or something else; fetch it again.");
    return is10 ? cifar10() : cifar100();
}

std::shared_ptr<const Dataset> openCifar(const std::string& path)
{
    ByteRecords records;
    records.name = fileNameOf(path);
    records.bytes = readFile(path, fileLimit);
    const CifarKind& kind = kindOf(records.bytes, path);
    records.stride = kind.labelBytes + pictureBytes;
    records.offset = kind.labelBytes;
    records.count = std::int64_t(records.bytes.size() / records.stride);
    records.channels = 3;
    records.height = records.width = 32;
    records.labels = labelsOf(records.bytes, kind);
    for (std::size_t i = 0; i < records.labels.size(); ++i)
        if (records.labels[i] >= kind.classes)
            throw Error(ErrorCode::Domain, path + ": record " + std::to_string(i) + " has the label " + std::to_string(records.labels[i])
                    + ", but CIFAR-" + std::to_string(kind.classes) + " has the classes 0 to " + std::to_string(kind.classes - 1)
                    + ". The file is damaged or no CIFAR file.");
    records.classNames = classNamesBeside(path, kind.nameFiles);
    return makeRecordDataset(std::move(records));
}

} // namespace

DatasetReader cifarReader()
{
    return {{"CIFAR", {".bin"},
                "CIFAR-10 or CIFAR-100 binary (records of 3073 or 3074 bytes); names from batches.meta.txt, fine_label_names.txt or classes.txt"},
        [](const DatasetSource&) { return false; }, openCifar};
}

} // namespace brink
