import Wording

/// The look of the report: quiet on screen, A4 on paper.
extension Report {
    /// Text of the pages' foot, as a CSS string: everything but plain letters and digits written by number.
    private var foot: HTML {
        let name = (facts[.plant].map { say($0) + "  ·  " } ?? "") + title
        var css = ""
        for scalar in name.unicodeScalars.prefix(120) { css += "\\" + String(scalar.value, radix: 16) + " " }
        return "\(css)"
    }

    package var stylesheet: HTML {
        """
        \(Stylesheet.base)
        \(isJapanese ? Stylesheet.japanese : Stylesheet.english)
        \(Stylesheet.drawings)
        \(Stylesheet.screen)
        \(Stylesheet.paper)
        @page { @bottom-left { content: "\(foot)"; font: 7.5pt \(isJapanese ? Stylesheet.japaneseFonts : Stylesheet.englishFonts); color: #5b6672; } }
        @page cover { @bottom-left { content: ""; } @bottom-right { content: ""; } }
        """
    }
}

package enum Stylesheet {
    package enum Script { case japanese, english }

    /// What the report and the pages of the review have in common.
    package static func shared(_ script: Script) -> HTML {
        "\(base)\(script == .japanese ? japanese : english)\(drawings)"
    }

    static let base: HTML = """
        :root { --ink: #1c2530; --soft: #5b6672; --line: #d8dee5; --wash: #f5f7f9; --deep: #17405c; --a: #23744a; --b: #2f6f9f; --c: #9a6206; --d: #ac2f34; }
        * { box-sizing: border-box; }
        html { -webkit-text-size-adjust: 100%; scroll-padding-top: 1rem; }
        body { margin: 0; color: var(--ink); background: #fff; font-size: 15px; overflow-wrap: anywhere; -webkit-print-color-adjust: exact; print-color-adjust: exact; }
        h1, h2, h3, h4 { line-height: 1.35; font-weight: 700; break-after: avoid; text-wrap: balance; margin: 0; }
        h2 { font-size: 1.5rem; color: var(--deep); padding-bottom: .35rem; border-bottom: 2px solid var(--deep); margin-bottom: 1.1rem; }
        h2 .no { display: inline-block; min-width: 1.7em; font-weight: 400; }
        h3 { font-size: 1.12rem; margin: 1.9rem 0 .6rem; color: var(--deep); }
        h4 { font-size: 1rem; }
        h4 .no { color: var(--deep); margin-right: .6em; font-variant-numeric: tabular-nums; }
        p { margin: .5rem 0; }
        a { color: inherit; text-decoration-color: #9fb3c4; text-underline-offset: .18em; text-decoration-thickness: 1px; }
        a.ref { color: var(--deep); font-variant-numeric: tabular-nums; white-space: nowrap; }
        ul, ol { margin: .3rem 0; padding-left: 1.4em; }
        dl { margin: .4rem 0; display: grid; grid-template-columns: 8.5em 1fr; gap: .25rem .9rem; }
        dt { color: var(--soft); font-size: .87em; padding-top: .08em; }
        dd { margin: 0; white-space: pre-line; }
        dd ul { white-space: normal; margin: 0; padding-left: 1.1em; }
        code, pre, .mono, .hash { font-family: "SFMono-Regular", Consolas, "DejaVu Sans Mono", "Noto Sans Mono CJK JP", monospace; font-size: .86em; }
        pre { background: var(--wash); padding: .5rem .7rem; overflow-x: auto; line-height: 1.35; font-size: .74em; white-space: pre; }
        .hash { display: block; color: var(--soft); font-size: .68em; word-break: break-all; line-height: 1.4; }
        .note { display: block; color: var(--soft); font-size: .84em; line-height: 1.45; }
        p > .note, h3 > .note, li > .what + .note { display: inline; margin-left: .6em; font-weight: 400; }
        .warn { color: var(--d); }
        .more { color: var(--soft); font-size: .9em; }
        .fill { display: inline-block; min-width: 14em; border-bottom: 1px solid #9aa6b2; height: 1.1em; vertical-align: baseline; }
        .callout { border-left: 3px solid var(--deep); background: var(--wash); padding: .6rem .9rem; }
        table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
        th { text-align: left; font-weight: 600; overflow-wrap: normal; }
        th, td { vertical-align: top; }
        caption { text-align: left; font-weight: 700; color: var(--deep); padding: 1.2rem 0 .35rem; break-after: avoid; }
        table.data { margin: .6rem 0 .4rem; font-size: .87em; }
        table.data th, table.data td { padding: .34rem .55rem; border-bottom: 1px solid var(--line); }
        table.data th.center { white-space: nowrap; } table.inventory { table-layout: fixed; } table.inventory th:nth-child(1) { width: 20%; } table.inventory th:nth-child(2) { width: 14%; } table.inventory th:nth-child(3) { width: 19%; } table.inventory th:nth-child(4) { width: 22%; } table.inventory th:nth-child(6) { width: 9%; }
        table.data thead th { color: var(--soft); font-size: .92em; border-bottom: 1.5px solid #aab5c0; vertical-align: bottom; }
        table.data tfoot th, table.data tfoot td { border-top: 1.5px solid #aab5c0; font-weight: 700; }
        table.data tr.alert td:first-child { box-shadow: inset 3px 0 0 var(--d); }
        table.narrow { max-width: 46rem; }
        table.facts { margin: .6rem 0; font-size: .95em; }
        table.facts th { width: 11em; color: var(--soft); font-weight: 400; padding: .3rem 1rem .3rem 0; }
        table.facts td { padding: .3rem 0; border-bottom: 1px solid var(--line); }
        table.facts th { border-bottom: 1px solid var(--line); }
        .num { text-align: right; white-space: nowrap; }
        .center { text-align: center; white-space: nowrap; }
        .wide { width: 40%; }
        td .grade { vertical-align: baseline; }
        .grade { display: inline-block; width: 1.6em; height: 1.6em; line-height: 1.6em; border-radius: .25em; text-align: center; font-weight: 700; color: #fff; background: #8a95a1; }
        .grade.a { background: var(--a); } .grade.b { background: var(--b); } .grade.c { background: var(--c); } .grade.d { background: var(--d); }
        .grade.none { background: #fff; color: var(--soft); box-shadow: inset 0 0 0 1px #9aa6b2; }
        .grade.small { font-size: .78em; }
        .grade.large { font-size: 2.9rem; width: 1.5em; height: 1.5em; line-height: 1.5em; }
        .level { display: inline-block; padding: 0 .5em; border-radius: .25em; font-weight: 600; font-size: .92em; white-space: nowrap; border: 1px solid currentColor; }
        .level.l1 { color: var(--d); } .level.l2 { color: var(--c); } .level.l3 { color: var(--b); } .level.l4 { color: var(--a); } .level.na, .level.open { color: var(--soft); border-style: dashed; font-weight: 400; }
        .origin, .mark, .severity { display: inline-block; font-size: .78rem; line-height: 1.5; padding: 0 .5em; border-radius: .25em; white-space: nowrap; margin: 0 .25em .1em 0; }
        .origin { background: var(--wash); color: var(--soft); }
        .origin.reviewed { background: #e6f0ea; color: var(--a); } .origin.overridden { background: #f6eedd; color: var(--c); } .origin.auto { background: #e5eef5; color: var(--b); }
        .mark { background: #f8e7e7; color: var(--d); }
        td > .mark { margin-left: .4em; }
        .severity { color: #fff; background: #5c6773; font-weight: 600; } .severity.high { background: var(--d); } .severity.medium { background: var(--c); } .severity.low { background: var(--b); }
        .cover .logo { display: block; max-width: 15rem; max-height: 4.5rem; }
        .cover .heads { font-size: .8em; color: var(--soft); margin-top: 1.2rem; } .cover .heads ul { list-style: none; padding: 0; margin: .2rem 0; } .cover .heads .hash { display: inline; }
        .cannot { font-size: .9em; } td svg.bar { min-width: 6rem; }
        .lifts { list-style: none; padding: 0; } .lifts li { margin: .4rem 0; }
        .changes { columns: 2 20rem; font-size: .9em; } .changes .note { display: inline; }
        .cover .plant { font-size: 1.35rem; margin: .9rem 0 0; }
        .cover h1 { font-size: 2.3rem; color: var(--deep); letter-spacing: .02em; }
        .cover .handling { text-align: right; font-weight: 700; color: var(--d); letter-spacing: .1em; }
        .cover .nameplate { margin: 5rem 0 3.5rem; padding-left: 1.2rem; border-left: 6px solid var(--deep); }
        .cover .maker { color: var(--soft); font-size: .87em; }
        table.sign { width: 27rem; margin: 2.2rem 0 0 auto; table-layout: fixed; }
        table.sign th, table.sign td { border: 1px solid #9aa6b2; text-align: center; font-weight: 400; font-size: .87em; padding: .15rem; }
        table.sign td { height: 3.6rem; } table.sign tr.day td { height: 1.7rem; color: var(--soft); text-align: right; padding-right: .6em; }
        table.plain { font-size: .9em; }
        table.plain th, table.plain td { padding: .3rem .5rem .3rem 0; border-bottom: 1px solid var(--line); }
        table.plain thead th { color: var(--soft); font-weight: 400; font-size: .92em; }
        .lead { font-size: 1.06rem; }
        .scores { display: grid; grid-template-columns: 9.5rem 1fr 16.5rem; gap: 1.2rem; align-items: center; margin: .8rem 0 .4rem; }
        .total { text-align: center; } .total .label { color: var(--soft); margin: 0 0 .2rem; } .total .points { margin: .35rem 0 0; } .total .points b { font-size: 1.5rem; } .total .points span { color: var(--soft); } .total .state, .total .scale { margin: 0; font-size: .84em; color: var(--soft); }
        figure { margin: 0; } figcaption { color: var(--soft); font-size: .84em; margin-top: .3rem; }
        .radar figcaption { text-align: center; }
        .two { display: grid; grid-template-columns: 1fr 1fr; gap: 1.8rem; }
        .two h3 { margin-top: .6rem; }
        ol.top { padding-left: 1.5em; font-size: .95em; line-height: 1.55; } ol.top li { margin-bottom: .5rem; break-inside: avoid; } ol.top li::marker { font-weight: 700; color: var(--deep); }
        ol.top .note { display: block; margin-left: 0; }
        ol.top .what .note { display: inline; }
        .choice { display: block; color: var(--soft); font-size: .84em; margin-top: .25rem; line-height: 2; } .choice span { white-space: nowrap; margin-right: 1em; } .choice i { display: inline-block; width: 6.5em; border-bottom: 1px solid #9aa6b2; margin: 0 .6em 0 .3em; }
        .item, .finding, .exhibit { margin: 1rem 0; padding: .8rem 0 .2rem; border-top: 1px solid var(--line); }
        .item header { display: flex; justify-content: space-between; align-items: baseline; gap: 1rem; break-after: avoid; }
        .item .badges { margin: 0; text-align: right; }
        .question { color: #35414d; break-after: avoid; }
        .proposal { border: 1px dashed #9fb3c4; border-radius: .35rem; padding: .45rem .9rem .35rem; margin: .6rem 0; font-size: .92em; break-inside: avoid; }
        .proposal .tag { color: var(--b); font-size: .84em; font-weight: 700; margin: 0; }
        .claim { margin: .15rem 0; } .claim span { margin-left: .8em; } .claim .note { display: inline; }
        .proposal .claim span { color: var(--soft); } .proposal .claim .mark { color: var(--d); }
        .settled { margin: .5rem 0; } .settled > .claim > .level { margin-left: .4em; }
        .settled, .aftermath { font-size: .95em; }
        .category > h3 { border-bottom: 1px solid #aab5c0; padding-bottom: .35rem; }
        .matrix { width: auto; margin: .8rem 0; } .matrix th { font-weight: 600; padding: .3rem .8rem; text-align: center; } .matrix thead th { font-size: .9em; } .matrix td { width: 11rem; height: 3.4rem; border: 2px solid #fff; text-align: center; vertical-align: middle; background: #eef3ee; }
        .matrix .w3, .matrix .w4 { background: #f6eedd; } .matrix .w6 { background: #f3d9d0; } .matrix .w9 { background: #e9bdbd; }
        .risk { display: inline-block; min-width: 1.8em; line-height: 1.8; border-radius: 1em; background: #fff; border: 1px solid #9aa6b2; margin: .1em; font-size: .86em; font-weight: 600; }
        .owner { width: 6rem; }
        .glossary { grid-template-columns: 11em 1fr; }
        .rule li, .limits li { margin-bottom: .25rem; }
        .symbols { position: absolute; }

        """

    static let japaneseFonts: HTML =
        "\"Noto Sans CJK JP\", \"Noto Sans JP\", \"Hiragino Sans\", \"Hiragino Kaku Gothic ProN\", \"Yu Gothic Medium\", \"Yu Gothic\", Meiryo, sans-serif"
    static let englishFonts: HTML =
        "\"Helvetica Neue\", Arial, \"Noto Sans\", \"Noto Sans CJK JP\", \"Hiragino Sans\", sans-serif"

    static let japanese: HTML = """
        body { font-family: \(japaneseFonts); line-height: 1.75; line-break: strict; word-break: normal; }
        h1, h2, h3, h4, .lead, .question { word-break: auto-phrase; }

        """

    static let english: HTML = """
        body { font-family: \(englishFonts); line-height: 1.6; hyphens: manual; }
        dl { grid-template-columns: 10.5em 1fr; } table.facts th { width: 12em; }

        """

    static let drawings: HTML = """
        svg text { font-family: inherit; fill: var(--ink); }
        svg.bar { width: 100%; height: .7rem; display: block; } .bar .track { fill: #e8ecf0; } .bar .range { fill: #cbd8e3; } .bar .tick { fill: #fff; }
        .fill-a { fill: var(--a); } .fill-b { fill: var(--b); } .fill-c { fill: var(--c); } .fill-d { fill: var(--d); } .fill-none { fill: #8a95a1; } .bar .share { fill: var(--b); }
        .radar-chart { width: 100%; height: auto; display: block; } .ring { fill: none; stroke: #d3dae1; stroke-width: .8; } .ring.outer { stroke: #aab5c0; } .axis { stroke: #d3dae1; stroke-width: .8; } .radar-chart .now { fill: #17405c2e; stroke: var(--deep); stroke-width: 1.8; stroke-linejoin: round; } .radar-chart .earlier { fill: none; stroke: #77828e; stroke-width: 1.2; stroke-dasharray: 4 3; } .dot { fill: var(--deep); } .radar-chart .name { font-size: 12.5px; } .radar-chart .bound { font-size: 9.5px; fill: var(--soft); }
        .diagram { width: 100%; height: auto; display: block; } .diagram text { font-size: 9px; text-anchor: middle; paint-order: stroke; stroke: #fff; stroke-width: 2.4px; stroke-linejoin: round; }
        .diagram .lane { fill: #fafbfc; stroke: #b4bfca; stroke-width: .8; } .diagram .lane-name { text-anchor: start; font-size: 10.5px; font-weight: 700; fill: var(--deep); } .diagram .lane-count { text-anchor: end; fill: var(--soft); } .diagram .tier { text-anchor: start; font-size: 8px; fill: var(--soft); }
        .diagram .sub { font-size: 8px; fill: var(--soft); } .diagram .plate { fill: #fff; stroke: #fff; } .diagram .node use { fill: none; stroke: #77828e; stroke-width: 1.4; stroke-linecap: round; stroke-linejoin: round; } .diagram .ot use { stroke: #0d6e6e; } .diagram .it use { stroke: #3f6699; } .diagram .net use { stroke: #5b4a8a; }
        .diagram .count { fill: var(--ink); } .diagram .count-text { fill: #fff; stroke: none; font-weight: 700; } .diagram .unlisted { fill: none; stroke: var(--c); stroke-width: 1.4; stroke-dasharray: 3 2; }
        .diagram .link { fill: none; stroke: #9fb0c0; stroke-linejoin: round; stroke-linecap: round; } .diagram .port { fill: #77889a; } .diagram .outside use { fill: #eef3f8; stroke: #77889a; stroke-width: .9; } .diagram .outside .label { font-weight: 700; stroke: none; } .diagram .outside .sub { font-size: 8.5px; text-anchor: start; }
        .diagram .peer rect { fill: #fdf3f3; stroke: var(--d); } .diagram .peer.tunnel rect { fill: #f0f5fa; stroke: var(--b); } .diagram .peer text { stroke: none; } .diagram .peer .label { font-weight: 700; }
        .diagram .session { fill: none; stroke: var(--d); stroke-width: 1.5; stroke-dasharray: 5 2.5; stroke-linejoin: round; } .diagram .session.tunnel { stroke: var(--b); } .diagram .session.jump { stroke: var(--c); stroke-width: 1.2; } .diagram .session.head { fill: var(--d); stroke-dasharray: none; stroke-width: .5; } .diagram .session.tunnel.head { fill: var(--b); }
        .key { display: inline-block; margin: 0 .8em 0 0; white-space: nowrap; } .swatch { display: inline-block; width: .8em; height: .8em; margin-right: .35em; border: 2px solid #77828e; border-radius: 50%; vertical-align: -.08em; } .swatch.ot { border-color: #0d6e6e; } .swatch.it { border-color: #3f6699; } .swatch.net { border-color: #5b4a8a; } .swatch.remote { border: 0; border-top: 2px dashed var(--d); border-radius: 0; width: 1.4em; height: 0; vertical-align: .25em; } .swatch.tunnel { border: 0; border-top: 2px dashed var(--b); border-radius: 0; width: 1.4em; height: 0; vertical-align: .25em; } .swatch.jump { border: 0; border-top: 2px dashed var(--c); border-radius: 0; width: 1.4em; height: 0; vertical-align: .25em; } .swatch.unlisted { border: 2px dashed var(--c); }
        .timeline { width: 100%; height: auto; display: block; margin: .6rem 0 0; } .timeline text { font-size: 9.5px; } .timeline .when { fill: var(--soft); } .timeline .grid { stroke: #dfe5ea; } .timeline .outside { fill: var(--d); } .timeline .tunnel { fill: var(--b); } .timeline .inside { fill: #8a95a1; }

        """

    static let screen: HTML = """
        @media screen {
        body { max-width: 62rem; margin: 0 auto; padding: 2rem 1.6rem 6rem; }
        .chapter { margin-top: 4.5rem; } .scroll { overflow-x: auto; } .diagram { min-width: 44rem; } figure.network { overflow-x: auto; }
        nav.contents { border: 1px solid var(--line); border-radius: .4rem; padding: 1rem 1.4rem; margin-top: 3rem; } nav.contents h2 { font-size: 1rem; border: 0; margin: 0; } nav.contents ol { list-style: none; padding-left: 0; } nav.contents ol ol { padding-left: 2em; font-size: .9em; } nav.contents a { text-decoration: none; } nav.contents a:hover { text-decoration: underline; } nav.contents .no { display: inline-block; min-width: 2em; color: var(--soft); }
        }
        @media screen and (min-width: 84rem) {
        body { margin-left: calc(50% - 23rem); margin-right: 0; }
        nav.contents { position: fixed; top: 1.5rem; bottom: 1.5rem; left: max(1rem, calc(50% - 41.5rem)); width: 16.5rem; overflow-y: auto; margin: 0; border: 0; border-right: 1px solid var(--line); border-radius: 0; font-size: .9em; }
        }
        @media screen and (max-width: 44rem) {
        .scores, .two { grid-template-columns: 1fr; } dl, .glossary { grid-template-columns: 1fr; } .item header { display: block; } .item .badges { text-align: left; } table.sign { width: 100%; } table.data { display: block; overflow-x: auto; }
        }

        """

    static let paper: HTML = """
        @page { size: A4; margin: 16mm 16mm 19mm; @bottom-right { content: counter(page) " / " counter(pages); font: 8pt "Noto Sans CJK JP", "Hiragino Sans", sans-serif; color: #5b6672; } }
        @page cover { margin-bottom: 16mm; }
        @media print {
        html { font-size: 9.4pt; } body { font-size: 9.4pt; line-height: 1.6; orphans: 3; widows: 3; }
        .cover { page: cover; break-after: page; } .cover .nameplate { margin: 38mm 0 26mm; } nav.contents { break-after: page; } nav.contents h2 { margin-bottom: 4mm; } nav.contents ol { list-style: none; padding-left: 0; } nav.contents ol ol { padding-left: 2.4em; } nav.contents li { margin: 1.6mm 0; } nav.contents a { text-decoration: none; } nav.contents .no { display: inline-block; min-width: 2.4em; color: var(--soft); }
        #summary, #method, #grades, #items, #network, #risks, #roadmap, #exhibits, #mappings { break-before: page; } #summary { break-after: page; } .chapter { margin-top: 9mm; }
        h2, #summary, #method, #grades, #items, #network, #risks, #roadmap, #exhibits, #mappings { margin-top: 0; }
        thead { display: table-header-group; } tfoot { display: table-row-group; } tr, .callout, figure, .proposal, .settled, .matrix, svg { break-inside: avoid; } .item > .head { break-inside: avoid; } .exhibit, .keep, .narrow, .projection { break-inside: avoid; } table.overview td, table.overview th { padding-top: .16rem; padding-bottom: .16rem; } .finding { break-inside: avoid; } pre { white-space: pre-wrap; break-inside: avoid; } a { text-decoration: none; } .diagram { max-height: 214mm; }
        .scores { grid-template-columns: 34mm 1fr 66mm; gap: 5mm; margin: 6mm 0 5mm; } .two { gap: 9mm; } .lead { font-size: 11pt; } #summary ol.top { font-size: 10.2pt; line-height: 1.6; } #summary ol.top li { margin-bottom: 3mm; } #summary .grade.large { font-size: 40pt; } #summary table.plain th, #summary table.plain td { padding-top: 1.6mm; padding-bottom: 1.6mm; } .origin, .mark, .severity { font-size: 7.6pt; }
        }

        """
}
