// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/image.h"
#include "core/threat/criterion.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace brink {

/// What complete verifiers found out about one ball in Linf: no image inside it meets the criterion, or one does.
enum class VerifyVerdict { Robust, Violated };

/// An image inside the ball that meets the criterion, as a record of float32 [C,H,W] in [0,1], little endian.
struct VerifyWitness {
    std::string file; ///< where it was found
    std::int64_t record = 0;
};

/// One line of a table: image, ball and verdict.
struct VerifyInstance {
    std::string id;
    std::string model;       ///< a name; its file is NAME.pt
    std::string imageFile;   ///< where it was found; any format that openDataset knows
    std::int64_t record = 0; ///< of the image in it
    Criterion criterion;     ///< another class than the label, or a class to be reached
    double eps = 0;          ///< radius in Linf, pixel units
    VerifyVerdict verdict = VerifyVerdict::Robust;
    bool isHard = false;     ///< violated with a witness, or robust by several tools that nothing speaks against
    std::optional<VerifyWitness> witness;
};

/// How sure a verdict must be to be used.
enum class VerifyTrust { Hard, Majority };
/// @throws Error(Usage) for anything but "hard" and "majority".
[[nodiscard]] VerifyTrust verifyTrustFromName(std::string_view name);

struct VerifyTable {
    std::string path;
    std::vector<VerifyInstance> instances;
    std::int64_t leftOut = 0; ///< lines without a verdict, or with one that is not trusted enough
};

/// Reads a table with one JSON object a line: id, model, image {file, record}, label, eps, norm "Linf", verdict, trust, and where there are any
/// target (with a property that begins with "targeted") and witness {file, record}. Files are looked for beside the table and one folder up.
/// @throws Error(Io|Format) naming the line and what is wrong with it.
[[nodiscard]] VerifyTable readVerifyTable(const std::string& path, VerifyTrust trust);

/// The image of an instance, and its witness. @throws Error(Io|Format|Domain|Shape) naming the file.
[[nodiscard]] Image verifyImage(const VerifyInstance& instance);
[[nodiscard]] std::optional<Image> verifyWitness(const VerifyInstance& instance, const Image& like);

} // namespace brink
