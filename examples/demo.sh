#!/bin/sh
# The whole way from two documents to a comparison page, from recorded exchanges, and the site of the
# project's own catalog: no key, no network.
# Run it through `make demo`, which installs capdraft first.
set -eu

project=$(cd "$(dirname "$0")/.." && pwd)
scratch="$project/.demo"
rm -rf "$scratch"
mkdir "$scratch"
cp "$project/examples/paligemma.md" "$project/examples/the-stack-v2.md" "$scratch/"
cd "$scratch"

if [ -t 1 ]; then bold=$(printf '\033[1m') plain=$(printf '\033[0m'); else bold='' plain=''; fi
step() { printf '\n%s%s%s\n' "$bold" "$1" "$plain"; }

# Print a command, then run it. Status 1 means "something was found": the demo goes on.
run() {
    printf '\n$ capdraft %s\n' "$*"
    capdraft "$@" || [ $? -eq 1 ]
}

step "1. A scratch workspace, in $scratch"
run init

step "2. Two documents become proposals (their exchanges with a model are replayed)"
run draft paligemma.md --cassette "$project/cassettes/examples/paligemma.yaml" --record-mode none
run draft the-stack-v2.md --cassette "$project/cassettes/examples/the-stack-v2.yaml" --record-mode none

step "3. What the rules say of them"
run check

step "4. One capability as a reviewer sees it: each claim above the passages that it cites"
shown=object-detection-by-prompt
edited=fine-tuning-on-modest-hardware
run review show "paligemma/$shown"

step "5. A number that no cited passage states is an error: this edit is refused"
printf '\n$ echo "… on one T4 with 24 GB …" | capdraft review edit paligemma/%s --field description --from -\n' "$edited"
echo "The Colab runs on one T4 with 24 GB of GPU memory." |
    capdraft review edit "paligemma/$edited" --field description --as demo --from - || [ $? -eq 1 ]

step "6. A demo reviewer approves what no error finding stands against"
run review approve paligemma --as demo
run review approve the-stack-v2 --as demo

step "7. Approved fields become catalog records"
run merge

step "8. Two artifacts become a comparison page"
run compare paligemma the-stack-v2 --limit 3
printf '\n$ capdraft compare paligemma the-stack-v2 --format html > comparison.html\n'
capdraft compare paligemma the-stack-v2 --format html > comparison.html
echo "wrote $scratch/comparison.html: open it in a browser"

step "9. The project's own catalog, six artifacts that were drafted and reviewed, becomes a site"
run site site --workspace "$project" --title "Six examples" --pair paligemma the-stack-v2 --pair gemma-2 the-stack-v2 --pair blip-2 the-stack-v2 --pair llava-1-6 the-stack-v2 --pair paligemma stable-diffusion
echo "open $scratch/site/index.html in a browser, or a comparison (five were asked for, two are the rule's):"
for page in "$scratch"/site/compare/*--*.html; do echo "  $page"; done

step "Next, with your own key (or --base-url http://127.0.0.1:11434/v1 for Ollama), in $scratch:"
cat <<END
  . $project/.venv/bin/activate
  OPENAI_API_KEY=… capdraft draft paligemma.md
  capdraft serve --open            # the review desk in the browser
  capdraft merge
END
