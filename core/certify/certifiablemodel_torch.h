// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/certify/certify.h"
#include "core/certify/network_torch.h"

#include <memory>

namespace brink {

/// A model as bounds are carried through it.
struct CertifiableModel::Impl {
    std::shared_ptr<const Classifier> classifier;
    certify::Network network; ///< double precision
    certify::Network quickNetwork; ///< single precision: to look for a radius, never to prove one
    double disagreement = 0;
};

} // namespace brink
