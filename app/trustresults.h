// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/detectorsdesk.h"
#include "app/diagnosispanel.h"
#include "app/smoothingpage.h"
#include "core/store/sessionfile.h"
#include "core/store/studykey.h"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace brink {

/// A diagnosis and what it answers. The model is told by file and card, since BPDA is of the card.
struct KeptDiagnosis {
    ModelIdentity model;
    std::uint64_t seed = 1;
    DiagnosisChoices choices;
    std::shared_ptr<const Diagnosis> diagnosis;

    [[nodiscard]] bool isOf(const Classifier& classifier) const;
};

/// What smoothing found, and what it was asked with.
struct KeptSmoothing {
    std::shared_ptr<const std::vector<SmoothingSurvey>> surveys; ///< one a standard deviation; null: none
    SmoothingChoices asked;
    QString failure;
};

/// All that the Trust workspace found on one set of images. A value of shared parts: a job may write it while more is found.
struct TrustResults {
    std::string images;         ///< name of the set
    std::int64_t imageCount = 0;
    std::string firstImage;     ///< SHA-256 of the set's first image: other sets bear the same name
    std::vector<KeptDiagnosis> diagnoses; ///< newest last
    std::map<std::string, KeptDetectors> detectors; ///< by SHA-256 of the model
    std::map<std::string, KeptSmoothing> smoothing; ///< likewise
    int unreadable = 0; ///< reading: so many were left out
    [[nodiscard]] bool isEmpty() const { return diagnoses.empty() && detectors.empty() && smoothing.empty(); }
};

/// As parts of a session file, and back: what is damaged, or was written by a later version, is left out. Thread-safe.
[[nodiscard]] std::vector<SessionDocument> documentsOf(const TrustResults& results);
[[nodiscard]] TrustResults trustResultsFrom(const std::vector<SessionDocument>& documents);

} // namespace brink
