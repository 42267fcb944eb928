#!/bin/sh
# SPDX-FileCopyrightText: 2026 The Brink authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A study on many machines, as a Slurm job array: every task computes its part into a file of its own, and what a task did before
# it was ended is kept. Submit it again to continue; join the parts when all have ended.
#
#   sbatch --array=1-8 packaging/study-array.sh STUDY.json FOLDER
#   brink merge FOLDER/whole.brink FOLDER/part-*.brink
#
# Without Slurm, or under another batch system, say which part of how many:
#   SLURM_ARRAY_TASK_ID=3 SLURM_ARRAY_TASK_MAX=8 packaging/study-array.sh STUDY.json FOLDER
#
#SBATCH --job-name=brink
#SBATCH --cpus-per-task=2
#SBATCH --mem=4G
#SBATCH --time=12:00:00
#SBATCH --signal=INT@60
set -eu

if [ $# -ne 2 ]; then
    echo "usage: study-array.sh STUDY.json FOLDER" >&2
    exit 2
fi
part=${SLURM_ARRAY_TASK_ID:?which part: set SLURM_ARRAY_TASK_ID, or submit with sbatch --array=1-N}
parts=${SLURM_ARRAY_TASK_MAX:?how many parts: set SLURM_ARRAY_TASK_MAX, or submit with sbatch --array=1-N}
mkdir -p "$2"
exec "${BRINK:-brink}" run "$1" --out "$2/part-$part.brink" --shard "$part/$parts" --workers "${SLURM_CPUS_PER_TASK:-1}"
