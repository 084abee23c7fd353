#!/usr/bin/env bash
# Does pre-training on liver, abdomen and thyroid help on the breast? The comparison of docs/reproduction.md.
# Usage: scripts/real_data.sh [DATA]     DATA holds auli/, ocau/, ddti/ and busi/ (default: data)
# Resumable: start it again and it goes on. Predictions (no weights) are copied to docs/results/real after each
# fold; where that folder already has finished folds, they are taken over and not trained again.
set -euo pipefail
cd "$(dirname "$0")/.."
DATA=${1:-data}
RUNS=runs/real
KEPT=docs/results/real
PYTHON=${PYTHON:-.venv/bin/python}
THREADS=${THREADS:-2}
export OMP_WAIT_POLICY=passive # spinning threads cost more than they win on a shared machine

restore() { # take over what an earlier run committed
  if [ ! -d "$RUNS/$1" ] && [ -d "$KEPT/$1" ]; then mkdir -p "$RUNS" && cp -r "$KEPT/$1" "$RUNS/$1"; fi
}

keep() { # small files only
  (cd "$RUNS" && find "$1" -type f ! -name '*.safetensors' ! -name '.*' -print0 \
    | xargs -0 cp --parents -t "../../$KEPT")
  if [ -n "${AFTER_FOLD:-}" ]; then $AFTER_FOLD "$KEPT/$1"; fi
}

pretrained() { # architecture, epochs
  local name="pretrain-$1"
  restore "$name"
  "$PYTHON" -m ml pretrain --config ml/configs/real.toml --data "$DATA" --architecture "$1" --epochs "$2" \
    --threads "$THREADS" --out "$RUNS/$name"
  keep "$name"
}

compared() { # architecture, folds
  local fold arm start
  for fold in ${2//,/ }; do
    for arm in with without; do
      start=random
      if [ "$arm" = with ]; then start="$RUNS/pretrain-$1/backbone.safetensors"; fi
      restore "busi-$1-$arm"
      "$PYTHON" -m ml finetune --config ml/configs/real-finetune.toml --data "$DATA/busi" --reader busi \
        --architecture "$1" --start "$start" --only-folds "$fold" --threads "$THREADS" \
        --out "$RUNS/busi-$1-$arm"
      keep "busi-$1-$arm"
    done
  done
}

mkdir -p "$KEPT"
pretrained resnet50 20
compared resnet50 0,1,2,3,4
pretrained resnet152 12
compared resnet152 0
