import type { IncomingMessage, ServerResponse } from 'node:http'
import { escapeHtml } from '../../server/escape-html.ts'
import type { Mail } from './mail.ts'

/** Serves the mailbox: `/` lists, `/mails/{id}` shows one, `/mails/{id}/html` is the body for the frame. */
export function handleMailbox(mails: Mail[], req: IncomingMessage, res: ServerResponse): void {
  const { pathname } = new URL(req.url ?? '/', 'http://mailbox')
  const [, id, part] = /^\/mails\/(\d+)(\/html)?$/.exec(pathname) ?? []
  const mail = mails.find(each => each.id === Number(id))
  if (pathname === '/') send(res, 200, listPage(mails))
  else if (!mail) send(res, 404, shell('Not found', notFound))
  else if (part) sendBody(res, mail)
  else send(res, 200, mailPage(mail))
}

const notFound = '<h1>No such mail</h1><p><a href="/">Back to the mailbox</a></p>'

function listPage(mails: Mail[]): string {
  const rows = [...mails].reverse().map(
    mail => `<li><a href="/mails/${mail.id}">
<span class="to">${escapeHtml(mail.to.join(', '))}</span>
<b>${escapeHtml(mail.subject || '(no subject)')}</b>
<span class="gist">${escapeHtml(mail.text.replaceAll(/\s+/g, ' ').slice(0, 140))}</span>
${timeOf(mail)}</a></li>`,
  )
  return shell(
    'Mailbox',
    `<h1>Mailbox</h1><p class="soft">${mails.length === 0 ? 'Nothing has been sent yet. Reload to look again.' : `${mails.length === 1 ? '1 mail' : `${mails.length} mails`}, newest first. Reload to look again.`}</p>
<ol class="list">${rows.join('')}</ol>`,
  )
}

function mailPage(mail: Mail): string {
  const body = mail.html
    ? `<iframe title="Mail" sandbox="allow-popups allow-popups-to-escape-sandbox" src="/mails/${mail.id}/html"></iframe>
<details><summary>Plain text</summary><pre>${linkify(mail.text)}</pre></details>`
    : `<pre>${linkify(mail.text)}</pre>`
  return shell(
    mail.subject,
    `<p><a href="/">← Mailbox</a></p><h1>${escapeHtml(mail.subject || '(no subject)')}</h1>
<p class="soft">From ${escapeHtml(mail.from)}<br>To ${escapeHtml(mail.to.join(', '))}<br>${timeOf(mail)}</p>${body}${mail.attachments.map(attachment).join('')}`,
  )
}

const attachment = ({ filename, content }: Mail['attachments'][number]) =>
  `<details open><summary>Attached: ${escapeHtml(filename)}</summary><pre>${escapeHtml(content)}</pre></details>`

/** The mail's own HTML: no scripts, nothing loaded from elsewhere, links in a new tab. */
function sendBody(res: ServerResponse, mail: Mail): void {
  res.writeHead(200, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy':
      "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'",
    'referrer-policy': 'no-referrer',
  })
  res.end(`<!doctype html><meta charset="utf-8"><base target="_blank">${mail.html ?? ''}`)
}

function linkify(text: string): string {
  return escapeHtml(text).replaceAll(/https?:\/\/[^\s<>"]+/g, url => {
    // A full stop or bracket after an address belongs to the sentence.
    const [address = url] = /^.*[^.,;:)\]]/.exec(url) ?? []
    return `<a href="${address}" target="_blank" rel="noreferrer">${address}</a>${url.slice(address.length)}`
  })
}

function timeOf(mail: Mail): string {
  const iso = mail.receivedAt.toISOString()
  return `<time datetime="${iso}">${iso.slice(0, 16).replace('T', ' ')} UTC</time>`
}

function send(res: ServerResponse, status: number, html: string): void {
  res.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy':
      "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; base-uri 'none'",
  })
  res.end(html)
}

function shell(title: string, body: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)} – demo mailbox</title><style>${style}</style></head>
<body><header><strong>Demo mailbox.</strong> Mails end here; nothing is delivered.</header><main>${body}</main></body></html>`
}

const style = `
:root{color-scheme:light dark;--bg:#f4f6f8;--card:#fff;--ink:#1a1d21;--soft:#5b6470;--line:#dde2e8;--accent:#0f5fb8;--label:#fff4ce;--label-ink:#4a3b00}
@media (prefers-color-scheme:dark){:root{--bg:#14171b;--card:#1e2228;--ink:#eef1f4;--soft:#a4adb9;--line:#343b44;--accent:#6db1ff;--label:#3d3413;--label-ink:#ffe9a3}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",sans-serif}
header{background:var(--label);color:var(--label-ink);padding:8px 20px;font-size:13px}
main{max-width:860px;margin:0 auto;padding:24px 20px 48px}
h1{font-size:24px;margin:0 0 6px;overflow-wrap:anywhere}
.soft,time{color:var(--soft);font-size:13px}
a{color:var(--accent)}
.list{list-style:none;margin:16px 0 0;padding:0;background:var(--card);border:1px solid var(--line);border-radius:8px;overflow:hidden}
.list li+li{border-top:1px solid var(--line)}
.list a{display:grid;grid-template-columns:minmax(0,1fr) auto;gap:0 16px;padding:12px 16px;color:inherit;text-decoration:none}
.list a:hover{background:color-mix(in srgb,var(--accent) 7%,transparent)}
.list .to,.list .gist{color:var(--soft);font-size:13px;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.list b{grid-column:1;overflow-wrap:anywhere}.list .gist{grid-column:1}.list time{grid-column:2;grid-row:1}
iframe{width:100%;height:60vh;min-height:320px;border:1px solid var(--line);border-radius:8px;background:#fff}
pre{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:16px;white-space:pre-wrap;overflow-wrap:anywhere;font:13px/1.5 ui-monospace,Consolas,monospace}
details{margin-top:16px}summary{cursor:pointer}
a:focus-visible,summary:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
`
