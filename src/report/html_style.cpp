#include "src/report/html_style.h"

namespace midwatch::report {

std::string_view html_style() {
  return R"css(
:root{color-scheme:light dark;--bg:#ffffff;--fg:#1b1f24;--soft:#57606a;--line:#d0d7de;--card:#f6f8fa;--accent:#0a5dc2;--bad:#b91c1c;--good:#1a7f37;--warn:#8a5a00;--band:#0a5dc21f;--code:#eef1f4}
@media(prefers-color-scheme:dark){:root{--bg:#0d1117;--fg:#e6edf3;--soft:#9aa4af;--line:#30363d;--card:#161b22;--accent:#6cb0ff;--bad:#ff7b72;--good:#56d364;--warn:#e3b341;--band:#58a6ff33;--code:#1f2630}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--fg);font:16px/1.6 system-ui,-apple-system,"Segoe UI","Hiragino Sans","Noto Sans CJK JP","Noto Sans JP",sans-serif;overflow-wrap:anywhere}
main{max-width:66rem;margin:0 auto;padding:1.5rem 1.25rem 4rem}
h1{font-size:1.5rem;line-height:1.35;margin:.5rem 0 1rem}
h2{font-size:1.1rem;margin:2.2rem 0 .7rem;padding-bottom:.3rem;border-bottom:1px solid var(--line)}
h3{font-size:1rem;margin:1.2rem 0 .4rem}
p{margin:.4rem 0}ul,ol{padding-left:1.3rem;margin:.3rem 0}li{margin:.25rem 0}
a{color:var(--accent);text-decoration:none}a:hover{text-decoration:underline}
code,pre{font:.86em/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,"Noto Sans Mono CJK JP",monospace}
code{background:var(--code);border-radius:4px;padding:.1em .3em}
pre{background:var(--code);border-radius:6px;padding:.6rem .8rem;margin:.4rem 0;white-space:pre-wrap}
.badge{display:inline-block;font-size:.8rem;font-weight:600;letter-spacing:.02em;border:1px solid currentColor;border-radius:999px;padding:.1rem .7rem}
.root_cause{color:var(--bad)}.nothing_wrong{color:var(--good)}.inconclusive{color:var(--warn)}
.soft{color:var(--soft)}.bad{color:var(--bad)}.good{color:var(--good)}
.card{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:1rem 1.2rem}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.5rem 1.4rem;margin:0}
dt{color:var(--soft);font-size:.9rem;padding-top:.1rem}dd{margin:0}
.ev{font-size:.72rem;color:var(--soft)}.ev a{white-space:nowrap;color:inherit;text-decoration:underline dotted}
.charts figure{margin:0 0 1rem;break-inside:avoid}
.charts figcaption{font-size:.9rem}
.plot{position:relative;margin:.25rem 0;padding-right:4.5rem}
.plot svg{display:block;width:100%;height:5.5rem;background:var(--card);border-left:1px solid var(--line);border-bottom:1px solid var(--line)}
.plot span{position:absolute;right:0;width:4.2rem;font-size:.72rem;line-height:1;color:var(--soft);white-space:nowrap}
.plot .top{top:0}.plot .low{bottom:0}
.series{fill:none;stroke:var(--accent);stroke-width:1.8;vector-effect:non-scaling-stroke;stroke-linejoin:round;stroke-linecap:round}
.dot{stroke-width:5}.band{fill:var(--band)}
.onset,.change,.alarm{vector-effect:non-scaling-stroke;stroke-width:1.5}
.onset{stroke:var(--bad)}.alarm{stroke:var(--bad);stroke-dasharray:6 4}.change{stroke:var(--soft);stroke-dasharray:2 3}
.axis{display:flex;justify-content:space-between;font-size:.72rem;color:var(--soft);padding-right:4.5rem;margin-top:-.6rem}
.legend{display:flex;flex-wrap:wrap;gap:.3rem 1.2rem;font-size:.8rem;color:var(--soft);margin:0 0 .8rem}
.legend i{display:inline-block;width:1.6rem;height:.8rem;vertical-align:-.1rem;margin-right:.35rem}
.legend .l-band{background:var(--band)}
.legend .l-onset{border-left:2px solid var(--bad);width:.3rem}.legend .l-alarm{border-left:2px dashed var(--bad);width:.3rem}.legend .l-change{border-left:2px dotted var(--soft);width:.3rem}
.chain{list-style:none;padding:0;margin:0}
.chain>li{position:relative;padding:0 0 1rem 1.6rem;margin:0}
.chain>li::before{content:"";position:absolute;left:.2rem;top:.45rem;width:.7rem;height:.7rem;border-radius:50%;background:var(--accent)}
.chain>li:first-child::before{background:var(--bad)}
.chain>li:not(:last-child)::after{content:"";position:absolute;left:.5rem;top:1.3rem;bottom:-.3rem;border-left:2px solid var(--line)}
table{border-collapse:collapse;width:100%;font-size:.92rem}
td,th{border-bottom:1px solid var(--line);padding:.4rem .6rem .4rem 0;text-align:left;vertical-align:top}
td.when,td.key{white-space:nowrap;width:1%}
details{border:1px solid var(--line);border-radius:8px;padding:.4rem .9rem;margin:.5rem 0}
summary{cursor:pointer;padding:.2rem 0}
details[open] summary{margin-bottom:.4rem}
.bar{display:inline-block;width:4rem;height:.55rem;border-radius:3px;background:var(--line);margin-right:.5rem;overflow:hidden;vertical-align:.05rem}
.bar b{display:block;height:100%;background:var(--accent)}
:target{outline:2px solid var(--accent);outline-offset:2px}
@media(max-width:42rem){main{padding:1rem .9rem 3rem}h1{font-size:1.25rem}dl{grid-template-columns:1fr;gap:.1rem}dt{margin-top:.5rem;padding:0}.card{padding:.8rem .9rem}.plot,.axis{padding-right:3.6rem}.plot span{width:3.4rem}td.when{white-space:normal}.stack,.stack tbody,.stack tr,.stack td{display:block;width:auto}.stack td{border:0;padding:.1rem 0}.stack tr{border-bottom:1px solid var(--line);padding:.4rem 0}}
@media print{html{font-size:11px}:root{color-scheme:light;--bg:#fff;--fg:#000;--soft:#444;--line:#bbb;--card:#fff;--accent:#0a4a9c;--bad:#a11212;--good:#14602b;--warn:#6b4500;--band:#0a5dc21f;--code:#f4f4f4}body{font-size:1rem}main{max-width:none;padding:0}h2{break-after:avoid}.card,details,tr{break-inside:avoid}a{color:inherit}details::details-content{content-visibility:visible;block-size:auto}}
)css";
}

}  // namespace midwatch::report
