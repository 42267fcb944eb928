// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/classifier_torch.h"

#include "core/base/error.h"
#include "core/base/hash.h"

#include <fstream>
#include <sstream>

namespace brink {

std::shared_ptr<const Classifier> loadClassifier(const std::string& path, const LoadOptions&)
{
    std::ifstream file(path, std::ios::binary);
    if (!file)
        throw Error(ErrorCode::Io, path + ": cannot be opened.");
    std::stringstream bytes;
    bytes << file.rdbuf();
    torch::jit::Module module = torch::jit::load(path);
    module.eval();
    auto frozen = std::make_shared<torch::jit::Module>(torch::jit::freeze(module));
    auto impl = std::make_unique<Classifier::Impl>();
    impl->path = path;
    impl->sha256 = sha256(bytes.str());
    impl->card.name = path.substr(path.find_last_of('/') + 1);
    impl->run = [frozen](const at::Tensor& x) { return frozen->forward({x}).toTensor(); };
    for (const std::array<int, 3> input : {std::array{1, 28, 28}, std::array{3, 32, 32}, std::array{3, 224, 224}}) {
        try {
            const at::NoGradGuard noGrad;
            const at::Tensor output = impl->run(at::full({1, input[0], input[1], input[2]}, 0.5));
            impl->input = input;
            impl->card.input = input;
            impl->classes = int(output.size(1));
            return std::make_shared<const Classifier>(std::move(impl));
        } catch (const std::exception&) {
        }
    }
    throw Error(ErrorCode::Shape, path + ": the input shape could not be found; name it with --input C,H,W.");
}

} // namespace brink
