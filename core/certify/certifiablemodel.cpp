// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/certify/certifiablemodel_torch.h"

#include "core/certify/parts_torch.h"
#include "core/model/classifier_torch.h"
#include "core/model/inputprobe_torch.h"

namespace brink {

CertifiableModel::CertifiableModel(std::shared_ptr<const Classifier> classifier) : m_impl(std::make_unique<Impl>())
{
    m_impl->network = certify::readNetwork(*classifier);
    m_impl->quickNetwork = m_impl->network.in(at::kFloat);
    m_impl->disagreement = certify::disagreement(m_impl->network, *classifier, probeImages(classifier->impl().input, 8, 17));
    m_impl->classifier = std::move(classifier);
}

CertifiableModel::~CertifiableModel() = default;
const Classifier& CertifiableModel::classifier() const { return *m_impl->classifier; }
double CertifiableModel::disagreement() const { return m_impl->disagreement; }
double CertifiableModel::crownCost() const { return certify::crownCost(m_impl->network); }

} // namespace brink
