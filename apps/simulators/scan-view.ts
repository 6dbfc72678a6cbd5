import { formatYuan } from '../../kernel/money.ts'
import type { ScannedCode } from './kit/simulator.ts'

// The pages of 扫一扫 as text. Everything that comes from outside passes through `html`, which escapes it; there is no
// script on the page.

/** What is to be paid, to whom, and by which wallet. */
export const codeView = (visit: {
  walletName: string
  scanned: ScannedCode
  code: string
  returnUrl: string | null
}): string => {
  const { walletName, scanned, code, returnUrl } = visit
  return page(
    `付款给${scanned.merchantName}`,
    html`<p class="to">付款给 ${scanned.merchantName}</p>
      <h1 class="amount"><span class="yen">¥</span>${formatYuan(scanned.amountFen)}</h1>
      <dl>
        <div>
          <dt>认出的钱包</dt>
          <dd>${walletName}</dd>
        </div>
        <div>
          <dt>商品</dt>
          <dd>${scanned.description}</dd>
        </div>
        <div>
          <dt>码的内容</dt>
          <dd class="code">${code}</dd>
        </div>
      </dl>
      <form method="post" action="/scan" autocomplete="off">
        <input type="hidden" name="code" value="${code}" />
        ${returnUrl === null ? [] : html`<input type="hidden" name="return_url" value="${returnUrl}" />`}
        <p class="hint">这是演示用的模拟手机，不会动用真钱，也不用输入密码。</p>
        <button class="primary">付款</button>
      </form>
      ${returnUrl === null ? [] : html`<a class="button plain" href="${returnUrl}">不付，返回</a>`}`,
  )
}

/** One thing to know, and the way back. */
export const messageView = (message: {
  title: string
  hint: string
  isDone: boolean
  returnUrl: string | null
}): string => {
  const { title, hint, isDone, returnUrl } = message
  return page(
    title,
    html`<div class="message">
      <p class="mark" aria-hidden="true">${isDone ? '✓' : '!'}</p>
      <h1>${title}</h1>
      <p class="hint">${hint}</p>
      ${returnUrl === null ? [] : html`<a class="button primary" href="${returnUrl}">返回患者端</a>`}
    </div>`,
  )
}

const page = (title: string, content: Html): string =>
  html`<!DOCTYPE html>
    <html lang="zh-CN">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} · 扫一扫（演示）</title>
        <style>
          ${new Html(STYLE)}
        </style>
      </head>
      <body>
        <main>
          <p class="brand">扫一扫 <span>演示</span></p>
          ${content}
        </main>
      </body>
    </html>`.text

/** Text that is safe to stand in a page. */
class Html {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

/** Builds a piece of a page: what is put in is escaped, unless it is such a piece itself. */
function html(parts: TemplateStringsArray, ...held: (string | Html | [])[]): Html {
  const texts = held.map((value) => {
    if (typeof value === 'string') return escapeHtml(value)
    return value instanceof Html ? value.text : ''
  })
  return new Html(parts.map((part, i) => part + (texts[i] ?? '')).join(''))
}

const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)

const STYLE = `
* { box-sizing: border-box; }
body {
  margin: 0; background: #F5F7F7; color: #1C2426; font-size: 16px; line-height: 1.5;
  font-family: 'PingFang SC', 'Noto Sans CJK SC', 'Microsoft YaHei', sans-serif;
}
main { max-width: 420px; min-height: 100vh; margin: 0 auto; padding: 24px; background: #FFFFFF; }
@media (min-width: 480px) {
  main { min-height: 0; margin: 32px auto; border-radius: 12px; }
}
.brand { margin: 0 0 24px; text-align: center; color: #4A5558; }
.brand span { padding: 0 8px; border: 1px solid #4A5558; border-radius: 12px; font-size: 13px; }
.to { margin: 0; text-align: center; overflow-wrap: anywhere; }
.amount {
  margin: 4px 0 24px; text-align: center; font-size: 40px; line-height: 1.2;
  font-variant-numeric: tabular-nums;
}
.yen { margin-right: 4px; font-size: 24px; }
dl { margin: 0 0 16px; border-top: 1px solid #DDE3E3; }
dl div {
  display: flex; justify-content: space-between; gap: 16px; padding: 12px 0;
  border-bottom: 1px solid #DDE3E3;
}
dt { flex: none; color: #4A5558; }
dd { margin: 0; text-align: right; overflow-wrap: anywhere; }
.code { color: #4A5558; font-size: 13px; }
.hint { margin: 8px 0 16px; color: #4A5558; font-size: 14px; }
button, .button {
  display: block; width: 100%; min-height: 48px; padding: 10px 16px; border: 0;
  border-radius: 12px; font: inherit; text-align: center; text-decoration: none; cursor: pointer;
}
.primary { background: #0B6B6B; color: #FFFFFF; font-weight: 600; }
.plain { margin-top: 12px; background: transparent; color: #1C2426; }
:is(button, .button):focus-visible { outline: 3px solid #1C2426; outline-offset: 2px; }
.message { padding: 16px 0 8px; text-align: center; }
.message h1 { margin: 0; font-size: 22px; }
.mark { margin: 0 0 8px; font-size: 40px; line-height: 1; }
`
