import { escapeHtml } from '../../../server/escape-html.ts'

/** One page of the sign-in host: a card on a quiet background, labelled as a stand-in, without scripts. */
export function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
</head>
<body>
<main>
<div class="label" role="note"><strong>Stand-in for Microsoft Entra ID – demo.</strong> Not Microsoft. No password is asked for here.</div>
<section class="card">
<div class="brand" aria-hidden="true"><svg viewBox="0 0 20 20" width="20" height="20"><path d="M10 1 19 10 10 19 1 10Z" fill="none" stroke="currentColor" stroke-width="2"/><path d="M10 6v8M6 10h8" stroke="currentColor" stroke-width="2"/></svg><span>Stand-in directory</span></div>
${body}
</section>
</main>
</body>
</html>`
}

const style = `
:root{color-scheme:light dark;--bg:#eef1f5;--card:#fff;--ink:#1b1b1b;--soft:#5c6470;--line:#d5dae1;--accent:#0f5fb8;--on-accent:#fff;--hover:#f3f6fa;--label:#fff4ce;--label-ink:#4a3b00}
@media (prefers-color-scheme:dark){:root{--bg:#15181d;--card:#20242b;--ink:#f2f4f7;--soft:#a6afbb;--line:#3a414b;--accent:#6db1ff;--on-accent:#0b1a2b;--hover:#2a3039;--label:#3d3413;--label-ink:#ffe9a3}}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;display:grid;place-items:center;padding:16px;background:var(--bg);color:var(--ink);font:15px/1.45 "Segoe UI",system-ui,-apple-system,sans-serif}
main{width:100%;max-width:440px}
.label{background:var(--label);color:var(--label-ink);padding:10px 16px;border-radius:8px 8px 0 0;font-size:13px}
.card{background:var(--card);padding:36px 40px 32px;border-radius:0 0 8px 8px;box-shadow:0 2px 12px rgb(0 0 0/.14)}
@media (max-width:460px){.card{padding:24px 20px}}
.brand{display:flex;gap:8px;align-items:center;color:var(--soft);font-weight:600;margin-bottom:18px}
h1{font-size:24px;line-height:1.25;font-weight:600;margin:0 0 8px}
p{margin:0 0 14px;color:var(--soft)}
code{font:13px ui-monospace,Consolas,monospace;overflow-wrap:anywhere}
.accounts{list-style:none;margin:12px -12px 0;padding:0}
.accounts button{display:flex;gap:14px;align-items:center;width:100%;padding:10px 12px;border:0;border-radius:6px;background:none;color:inherit;font:inherit;text-align:left;cursor:pointer}
.accounts button:hover{background:var(--hover)}
.face{flex:none;width:44px;height:44px;border-radius:50%;display:grid;place-items:center;background:var(--accent);color:var(--on-accent);font-weight:600}
.who{min-width:0}.who b{display:block;font-weight:600}.who span{display:block;color:var(--soft);font-size:13px;overflow-wrap:anywhere}
.perms{list-style:none;margin:0 0 16px;padding:0;border:1px solid var(--line);border-radius:6px}
.perms li{padding:10px 14px;border-top:1px solid var(--line)}.perms li:first-child{border-top:0}
.perms b{display:block;font-weight:600}.perms span{color:var(--soft);font-size:13px}
.row{display:flex;gap:10px;justify-content:flex-end;flex-wrap:wrap;margin-top:20px}
.row button{min-width:108px;min-height:40px;padding:0 18px;border-radius:4px;border:1px solid var(--line);background:var(--card);color:inherit;font:inherit;font-weight:600;cursor:pointer}
.row button.main{background:var(--accent);border-color:var(--accent);color:var(--on-accent)}
button:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
.facts{font-size:13px;border-top:1px solid var(--line);margin-top:18px;padding-top:12px}
`
