// How the HTML report looks: light and dark, phone to desktop, paper. All colours of text reach a contrast of 4.5 to 1.
#pragma once

#include <string_view>

namespace mimus::conformance {

inline constexpr std::string_view kHtmlStyle = R"css(
:root{color-scheme:light dark;--bg:#f7f7f5;--fg:#1c1d1f;--dim:#5c6066;--card:#fff;--line:#dcdee1;--code:#f2f3f4;
--fail:#b3261e;--warn:#855600;--pass:#1c6b3a;--info:#2458a6;--fail-bg:#fbecea;--pass-bg:#e9f4ed}
@media(prefers-color-scheme:dark){:root{--bg:#131517;--fg:#e7e8ea;--dim:#a3a8af;--card:#1c1f22;--line:#353a40;--code:#25292d;
--fail:#ff8a80;--warn:#f0b958;--pass:#7fd39b;--info:#8ab8ff;--fail-bg:#3a2220;--pass-bg:#1d3024}}
*{box-sizing:border-box}html{scroll-behavior:smooth}
body{margin:0 auto;max-width:66rem;padding:1.6rem 1rem 4rem;background:var(--bg);color:var(--fg);font:1rem/1.5 system-ui,sans-serif;
overflow-wrap:anywhere}
h1{font-size:1rem;margin:0;font-weight:600;color:var(--dim)}h2{font-size:1.15rem;margin:2.4rem 0 .8rem}p{margin:.3rem 0}
a{color:inherit}.dim,.dim a{color:var(--dim)}.small{font-size:.85rem}code,pre{font-family:ui-monospace,Menlo,Consolas,"DejaVu Sans Mono",monospace}
.target{font-size:1.1rem;margin:.1rem 0 0}.verdict{font-size:1.9rem;line-height:1.2;font-weight:700;margin:1.3rem 0 .5rem}
.pass{color:var(--pass)}.fail,.error{color:var(--fail)}.warn{color:var(--warn)}.info{color:var(--info)}.skip,.inconclusive{color:var(--dim)}
.bar{display:flex;height:.4rem;border-radius:.2rem;overflow:hidden;margin:.45rem 0;background:var(--line)}
.bar.all{height:.7rem;border-radius:.35rem;margin:.9rem 0 .5rem}
.bar i{display:block;min-width:3px}.bar .pass{background:var(--pass)}.bar .fail,.bar .error{background:var(--fail)}
.bar .warn{background:var(--warn)}.bar .info{background:var(--info)}.bar .skip,.bar .inconclusive{background:none}
.counts{display:flex;flex-wrap:wrap;gap:0 .9rem;font-size:.85rem}
ol.toc{list-style:none;margin:0;padding:0;background:var(--card);border:1px solid var(--line);border-radius:.5rem}
.toc li+li{border-top:1px solid var(--line)}.toc a{display:grid;grid-template-columns:6.2rem 1fr auto;gap:0 .6rem;padding:.45rem .9rem;text-decoration:none}
.toc a:hover{background:var(--code)}
.grid{display:grid;grid-template-columns:repeat(auto-fill,minmax(12rem,1fr));gap:.6rem}
.area{display:block;background:var(--card);border:1px solid var(--line);border-radius:.5rem;padding:.6rem .8rem;text-decoration:none}
.area b{display:block;font-size:.92rem;line-height:1.3}.area.bad{border-color:var(--fail)}a.area:hover{background:var(--code)}
details{background:var(--card);border:1px solid var(--line);border-left-width:.3rem;border-radius:.5rem;margin:.6rem 0}
details.fail,details.error{border-left-color:var(--fail)}details.warn{border-left-color:var(--warn)}details.info{border-left-color:var(--info)}
details[class]{color:var(--fg)}summary{cursor:pointer;padding:.7rem .9rem}summary b{margin-right:.5rem}summary strong{font-weight:600}
.body{padding:0 .9rem .9rem;scroll-margin-top:5.5rem}.body:target{outline:none}details:focus-within,details:has(:target){box-shadow:0 0 0 2px var(--info)}
.versus{display:grid;grid-template-columns:1fr 1fr;gap:.6rem}.versus>div{border-radius:.4rem;padding:.5rem .7rem;min-width:0}
.versus span{display:block;font-size:.8rem;font-weight:600}.versus .want{background:var(--pass-bg)}.versus .got{background:var(--fail-bg)}
.versus .want span{color:var(--pass)}.versus .got span{color:var(--fail)}
dl{display:grid;grid-template-columns:6.5rem 1fr;gap:.35rem .8rem;margin:.8rem 0 0}dt{color:var(--dim)}dd{margin:0;min-width:0}
pre{margin:0;padding:.6rem .7rem;background:var(--code);border-radius:.4rem;white-space:pre-wrap;font-size:.82rem;line-height:1.45}
pre.curl{user-select:all;-webkit-user-select:all}
dl.list{grid-template-columns:minmax(8rem,19rem) 1fr;margin:0;font-size:.9rem}
@media(max-width:40rem){.grid{grid-template-columns:repeat(auto-fill,minmax(10rem,1fr))}dl,dl.list,.versus{grid-template-columns:1fr;gap:.1rem}.versus{gap:.4rem}dt{margin-top:.6rem}
.verdict{font-size:1.5rem}.toc a{grid-template-columns:4rem 1fr}.toc code{display:none}.toc b{font-size:.85rem}}
@media print{details{break-inside:avoid}body{max-width:none}}
)css";

}  // namespace mimus::conformance
