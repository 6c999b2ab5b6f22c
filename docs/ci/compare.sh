#!/bin/sh
# ci/compare.sh COMMIT: what changes in the result against another commit. The
# strategy and the rules of both play the candles that are here now; the results stay
# in result-base and result-head. Ends with 1 if they differ by more than the
# tolerance, and with 3 if one can't be played or the commit is not here.
set -eu
cd "$(dirname "$0")/.."
here=$PWD

if ! git rev-parse --quiet --verify "$1^{commit}" >/dev/null; then
  echo "compare: found no commit '$1' here; expected one that was fetched: a shallow clone may lack it" >&2
  exit 3
fi
if ! git cat-file -e "$1:strategies/trend.star"; then
  echo "compare: $1 has no such strategy: nothing to compare with"
  exit 0
fi
base=$(mktemp -d)
trap 'git worktree remove --force "$base/tree" || true; rm -rf "$base"' EXIT
git worktree add --quiet --detach "$base/tree" "$1"

play() {
  ptnsim run --data "$here/data" --strategy strategies/trend.star --rules rules/desk.yaml --quiet --no-plots --force --out "$here/$1"
}
(cd "$base/tree" && play result-base)
play result-head
ptnsim report diff result-base result-head --tolerance 1e-9
