// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/image.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace brink {

/// Indexed, labelled images of one source; thread-safe to read. Images are decoded on demand.
class Dataset {
public:
    virtual ~Dataset() = default;
    [[nodiscard]] virtual std::string name() const = 0;
    [[nodiscard]] virtual std::int64_t size() const = 0;
    /// @throws Error(Domain) for an index outside [0, size), Error(Io|Format) when the file is bad.
    [[nodiscard]] virtual Image image(std::int64_t index) const = 0;
    /// Class index from the source, absent where there is none.
    [[nodiscard]] virtual std::optional<std::int64_t> label(std::int64_t index) const = 0;
    /// Class names where the source has them (folders, classes.txt beside the file); may be empty.
    [[nodiscard]] virtual const std::vector<std::string>& classNames() const = 0;
};

/// `PATH[#RANGE]` of the command line: PATH and the chosen indices ("#0:100", "#3,7,9", "#-1" is refused).
struct ImageSpec {
    std::string path;
    std::string range; ///< text after '#', empty for all

    /// A '#' that belongs to an existing file name stays in the path.
    /// @throws Error(Usage) for an empty path or an empty range after '#'.
    [[nodiscard]] static ImageSpec parse(std::string_view text);
};

/// Options of openDataset beyond the path.
struct DatasetOptions {
    std::string labelsPath; ///< `--labels FILE` (.npy, .txt, .csv, IDX); empty: labels of the source or its sibling
};

/// Opens any known format by content and name: an image file, a folder of images, a folder per class, IDX (also .gz),
/// CIFAR-10/100 binary, a CSV manifest (path,label), .npy.
/// @throws Error(Io|Format|Unsupported) naming the file and what to do.
[[nodiscard]] std::shared_ptr<const Dataset> openDataset(const std::string& path, const DatasetOptions& options = {});

/// Every label must be a class of the model. @param classes number K of classes.
/// @throws Error(Domain) naming the data set, the first offending index and its label.
void checkLabels(const Dataset& dataset, std::int64_t classes);

/// Indices of a RANGE within a set of `size` images, in the order written, without duplicates removed. A range is a list
/// of "i" and "first:end" (end not included, both may be left out), separated by commas; empty text means all.
/// @throws Error(Domain) for indices outside the set, Error(Usage) for text that is no range.
[[nodiscard]] std::vector<std::int64_t> parseIndexRange(std::string_view range, std::int64_t size);

/// Name, file endings and one line for each format (for `brink list formats`).
struct DatasetFormat {
    std::string name;
    std::vector<std::string> endings;
    std::string summary;
};
[[nodiscard]] std::vector<DatasetFormat> datasetFormats();

} // namespace brink
