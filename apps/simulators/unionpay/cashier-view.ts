import { type Fen, formatYuan } from '../../../kernel/money.ts'
import { type Card, maskedCard } from './cards.ts'
import type { Fields } from './message.ts'

// The cashier's pages as text. Everything that comes from outside passes through `html`, which escapes it; there is
// no script on the page.

export const payView = (order: {
  merchantName: string
  description: string
  amountFen: Fen
  cards: readonly Card[]
  demoPassword: string
  mistake: string | null
  token: string
}): string =>
  page(
    `支付给${order.merchantName}`,
    html`<p class="to">付款给 ${order.merchantName}</p>
      <h1 class="amount"><span class="yen">¥</span>${formatYuan(order.amountFen)}</h1>
      <p class="goods">${order.description === '' ? '订单支付' : order.description}</p>
      <form method="post" action="/cashier/pay" autocomplete="off">
        <input type="hidden" name="token" value="${order.token}" />
        <label for="card">银行卡</label>
        <select id="card" name="card" required>
          ${order.cards.map(
            (card) =>
              html`<option value="${card.cardNo}">
                ${maskedCard(card.cardNo)}（${card.holder}）余额 ${formatYuan(card.balanceFen)}
              </option>`,
          )}
        </select>
        <label for="password">支付密码</label>
        <input
          id="password"
          name="password"
          type="password"
          inputmode="numeric"
          pattern="[0-9]{6}"
          maxlength="6"
          required
          autofocus
          title="6 位数字"
          aria-describedby="hint${order.mistake === null ? '' : ' mistake'}"
          ${order.mistake === null ? [] : html`aria-invalid="true"`}
        />
        <p id="hint" class="hint">演示环境，密码为 ${order.demoPassword}</p>
        ${
          order.mistake === null
            ? []
            : html`<p id="mistake" class="mistake" role="alert">${order.mistake}</p>`
        }
        <button class="primary" name="action" value="pay">确认支付</button>
        <button class="plain" name="action" value="cancel" formnovalidate>取消</button>
      </form>`,
  )

/** One thing to know, and the way back: a form, as the merchant is told by post. */
export const messageView = (message: {
  title: string
  hint: string
  back: { url: string; fields: Fields } | null
}): string =>
  page(
    message.title,
    html`<div class="message">
      <h1>${message.title}</h1>
      <p class="hint">${message.hint}</p>
      ${
        message.back === null
          ? []
          : html`<form method="post" action="${message.back.url}">
              ${Object.entries(message.back.fields).map(
                ([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`,
              )}
              <button class="primary">返回商户</button>
            </form>`
      }
    </div>`,
  )

const page = (title: string, content: Html): string =>
  html`<!DOCTYPE html>
    <html lang="zh-CN">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} · 银联在线支付（演示）</title>
        <style>
          ${new Html(STYLE)}
        </style>
      </head>
      <body>
        <main>
          <p class="brand">银联在线支付 <span>演示</span></p>
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

type Held = string | Html | Html[]

/** Builds a piece of a page: what is put in is escaped, unless it is such a piece itself. */
function html(parts: TemplateStringsArray, ...held: Held[]): Html {
  const texts = held.map((value) => {
    if (typeof value === 'string') return escapeHtml(value)
    return value instanceof Html ? value.text : value.map((piece) => piece.text).join('\n')
  })
  return new Html(parts.map((part, i) => part + (texts[i] ?? '')).join(''))
}

// Line ends too: a browser would read those of a certificate as others, and the signature would not fit.
const escapeHtml = (text: string): string =>
  text.replace(/[&<>"'\r\n]/g, (character) => `&#${character.charCodeAt(0)};`)

const STYLE = `
* { box-sizing: border-box; }
body {
  margin: 0; background: #F5F6F8; color: #1E2530; font-size: 16px; line-height: 1.5;
  font-family: 'PingFang SC', 'Noto Sans CJK SC', 'Microsoft YaHei', sans-serif;
}
main { max-width: 420px; min-height: 100vh; margin: 0 auto; padding: 24px; background: #FFFFFF; }
@media (min-width: 480px) { main { min-height: 0; margin: 32px auto; border-radius: 12px; } }
.brand { margin: 0 0 24px; text-align: center; color: #47505E; }
.brand span { padding: 0 8px; border: 1px solid #47505E; border-radius: 12px; font-size: 13px; }
.to, .goods { margin: 0; text-align: center; overflow-wrap: anywhere; }
.goods { margin-bottom: 24px; color: #47505E; }
.amount { margin: 4px 0 8px; text-align: center; font-size: 40px; line-height: 1.2; font-variant-numeric: tabular-nums; }
.yen { margin-right: 4px; font-size: 24px; }
label { display: block; margin-bottom: 8px; }
select, input[type='password'] {
  width: 100%; min-height: 48px; margin-bottom: 16px; padding: 8px 12px; border: 1px solid #47505E;
  border-radius: 12px; background: #FFFFFF; color: inherit; font: inherit;
}
input[type='password'] { margin-bottom: 0; text-align: center; font-size: 24px; letter-spacing: 12px; }
.hint { margin: 8px 0 16px; color: #47505E; font-size: 14px; }
.mistake { margin: 0 0 16px; color: #B3261E; }
.mistake::before { content: '⚠ '; }
button {
  display: block; width: 100%; min-height: 48px; padding: 10px 16px; border: 0;
  border-radius: 12px; font: inherit; text-align: center; cursor: pointer;
}
.primary { background: #1F5FA8; color: #FFFFFF; font-weight: 600; }
.plain { margin-top: 12px; background: transparent; color: #1E2530; }
:is(button, select, input):focus-visible { outline: 3px solid #0B5C8A; outline-offset: 2px; }
.message { padding: 32px 0 8px; text-align: center; }
.message h1 { margin: 0; font-size: 22px; }
`
