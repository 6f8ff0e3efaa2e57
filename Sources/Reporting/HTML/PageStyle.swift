/// The page's style sheet.
///
/// Colours are told apart by people who don't see all of them, and none stands
/// alone: grades are words, lines differ in their marks.
enum PageStyle {
  static let text = """
    :root{color-scheme:light dark;--page:#fff;--card:#f4f6f8;--ink:#1c2126;--soft:#58616b;\
    --edge:#d5dae0;--linear:#00694a;--weak:#8a5700;--broken:#b13507;--linear-fill:#009e73;\
    --weak-fill:#e69f00;--broken-fill:#d55e00;--hue0:#0072b2;--hue1:#d55e00;--hue2:#00855f;\
    --hue3:#a83279;--reference:#5c6670}
    @media (prefers-color-scheme:dark){:root{--page:#14181c;--card:#1f252b;--ink:#e8ebee;\
    --soft:#a5afb9;--edge:#38414a;--linear:#4fd0a4;--weak:#f0b94a;--broken:#ff8f62;\
    --hue0:#5ab8ee;--hue1:#f28d3f;--hue2:#35c79c;--hue3:#e78bc4;--reference:#aab4be}}
    *{box-sizing:border-box}
    body{margin:0;background:var(--page);color:var(--ink);\
    font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
    main{max-width:1120px;margin:0 auto;padding:1.5rem clamp(1rem,4vw,2rem) 3rem}
    header{border-left:6px solid var(--edge);padding:.1rem 0 .1rem 1rem;margin:.5rem 0 1.5rem}
    header.linear{border-color:var(--linear-fill)}header.weak{border-color:var(--weak-fill)}
    header.broken{border-color:var(--broken-fill)}
    h1{font-size:clamp(1.15rem,1rem + 1.2vw,1.6rem);line-height:1.35;margin:.2rem 0;\
    text-wrap:pretty;overflow-wrap:anywhere}
    h2{font-size:1.15rem;margin:2.2rem 0 .3rem}
    p{margin:.4rem 0}
    .kicker,.note{color:var(--soft);font-size:.875rem}.kicker{overflow-wrap:anywhere;margin:0}
    .linear{color:var(--linear)}.weak{color:var(--weak)}.broken{color:var(--broken)}
    header.linear,header.weak,header.broken{color:inherit}
    .cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(9.6rem,1fr));gap:.75rem;\
    margin:0}
    .card{background:var(--card);border-radius:8px;padding:.7rem .9rem}
    .card dt{font-size:.8125rem;color:var(--soft)}
    .card dd{margin:0;font-size:1.3rem;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
    .card dd.note{font-size:.8125rem}
    aside{margin:1rem 0 0;padding:.5rem 1rem;border:1px solid var(--edge);border-radius:8px}
    code{font:.9em ui-monospace,SFMono-Regular,Menlo,"DejaVu Sans Mono",monospace;\
    overflow-wrap:anywhere}
    .scroll{overflow-x:auto;max-width:100%}
    .scroll:focus-visible{outline:2px solid var(--hue0);outline-offset:2px}
    .scroll svg{display:block;width:100%;height:auto}
    svg text{font:12px system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;\
    fill:var(--ink)}
    svg .tick{fill:var(--soft);font-size:11px}\
    svg .tick.broken{fill:var(--broken);font-weight:bold}svg .axis{fill:var(--soft)}
    svg .cell{font-variant-numeric:tabular-nums}svg .cell.grade{font-size:10px}
    .grid{stroke:var(--edge);stroke-width:1}
    .level{stroke:var(--soft);stroke-width:1;stroke-dasharray:2 3}
    .diagonal{fill:var(--card)}
    .hue0{--c:var(--hue0)}.hue1{--c:var(--hue1)}.hue2{--c:var(--hue2)}.hue3{--c:var(--hue3)}
    .reference{--c:var(--reference)}
    .line{fill:none;stroke:var(--c);stroke-width:1.8;stroke-linejoin:round}
    .line.reference,.line.dashed{stroke-dasharray:6 4}
    .mark{fill:var(--c)}.mark.reference,.mark.dashed{fill:var(--page);stroke:var(--c);stroke-width:1.3}
    .band{fill:var(--c);opacity:.14}.band.reference{opacity:.16}
    .fault{stroke:var(--broken);stroke-width:2;fill:none}
    .legend{list-style:none;display:flex;flex-wrap:wrap;gap:.2rem 1.1rem;margin:.3rem 0 0;padding:0;\
    font-size:.875rem}
    .legend li{display:flex;align-items:center;gap:.4rem}.swatch{width:34px;height:12px;flex:none}.swatch.narrow{width:12px}
    table{border-collapse:collapse;font-size:.875rem;font-variant-numeric:tabular-nums}
    th,td{padding:.3rem .65rem;border-bottom:1px solid var(--edge);white-space:nowrap;\
    unicode-bidi:isolate}
    th{color:var(--soft);font-weight:600;border-bottom-width:2px}
    .name{position:sticky;left:0;background:var(--page)}
    @media (max-width:40rem){.minor{display:none}td.name,th.name{max-width:11rem;overflow:hidden;\
    text-overflow:ellipsis}}
    details{margin:.4rem 0}summary{cursor:pointer}
    .leading{text-align:left}.trailing{text-align:right}
    tbody tr:hover{background:var(--card)}
    .bar{display:block;width:5.5rem;height:.6rem;background:var(--card);border-radius:2px}
    .bar span{display:block;height:100%;border-radius:2px;background:currentColor}
    .hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
    .measured dl{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:.3rem 1rem;\
    margin:.5rem 0;font-size:.875rem}
    .measured dt{color:var(--soft)}.measured dd{margin:0;overflow-wrap:anywhere}
    .digest{display:block;color:var(--soft);font-size:.8125rem}
    @media print{:root{--page:#fff;--card:#f4f6f8;--ink:#000;--soft:#444;--edge:#bbb;\
    --linear:#00694a;--weak:#8a5700;--broken:#b13507;--hue0:#0072b2;--hue1:#d55e00;--hue2:#00855f;\
    --hue3:#a83279;--reference:#5c6670}
    main{max-width:none;padding:0}.scroll{overflow:visible}.scroll svg{min-width:0 !important}
    table{font-size:7.5pt}th,td{white-space:normal;padding:.15rem .3rem}
    section{break-inside:auto}.card,svg,tr{break-inside:avoid}}
    """
}
