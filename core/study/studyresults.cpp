// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/study/studyresults.h"

namespace brink {

bool StudyResults::isCorrectOnAll(int image) const
{
    for (int model = 0; model < int(models.size()); ++model)
        if (works(model) && !isCorrect(model, image))
            return false;
    return true;
}

} // namespace brink
