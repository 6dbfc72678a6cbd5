// The pages that a simulated wallet shows to its payer, as text. Everything that comes from outside passes through
// `html`, which escapes it; there is no script on them.

/** Text that is safe to stand in a page. */
export class Html {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

type Held = string | Html | Html[]

/** Builds a piece of a page: what is put in is escaped, unless it is such a piece itself. */
export function html(parts: TemplateStringsArray, ...held: Held[]): Html {
  const texts = held.map((value) => {
    if (typeof value === 'string') return escapeHtml(value)
    return value instanceof Html ? value.text : value.map((piece) => piece.text).join('\n')
  })
  return new Html(parts.map((part, i) => part + (texts[i] ?? '')).join(''))
}

// Line ends too: a browser would send those of a certificate as others, and its signature would not fit.
const escapeHtml = (text: string): string =>
  text.replace(/[&<>"'\r\n]/g, (character) => `&#${character.charCodeAt(0)};`)

/** Makes a wallet's pages: all alike but for the name, the colour of what is pressed, and rules of its own. */
export const pagesOf =
  ({ name, colour, style = '' }: { name: string; colour: string; style?: string }) =>
  (title: string, content: Html): string =>
    html`<!DOCTYPE html>
      <html lang="zh-CN">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <title>${title} · ${name}（演示）</title>
          <style>
            ${new Html(`${STYLE}.primary { background: ${colour}; }\n${style}`)}
          </style>
        </head>
        <body>
          <main>
            <p class="brand">${name} <span>演示</span></p>
            ${content}
          </main>
        </body>
      </html>`.text

/** What a form carries along unseen. */
export const hiddenFields = (fields: readonly (readonly [string, string])[]): Html[] =>
  fields.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`)

/** The payer's password, with what was wrong with the last one. */
export const passwordField = ({ demoPassword, mistake }: PasswordState): Html => html`
  <label for="password">支付密码</label>
  <input
    id="password"
    name="password"
    type="password"
    inputmode="numeric"
    autocomplete="off"
    pattern="[0-9]{6}"
    maxlength="6"
    required
    autofocus
    title="6 位数字"
    aria-describedby="hint${mistake === null ? '' : ' mistake'}"
    ${mistake === null ? [] : html`aria-invalid="true"`}
  />
  <p id="hint" class="hint">演示环境，密码为 ${demoPassword}</p>
  ${mistake === null ? [] : html`<p id="mistake" class="mistake" role="alert">${mistake}</p>`}
`

export type PasswordState = { demoPassword: string; mistake: string | null }

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
dl { margin: 0 0 24px; border-top: 1px solid #DDE3E3; }
dl div {
  display: flex; justify-content: space-between; gap: 16px; padding: 12px 0;
  border-bottom: 1px solid #DDE3E3;
}
dt { flex: none; color: #4A5558; }
dd { margin: 0; text-align: right; overflow-wrap: anywhere; }
label { display: block; margin-bottom: 8px; }
select, input[type='password'] {
  width: 100%; min-height: 48px; padding: 8px 12px; border: 1px solid #4A5558;
  border-radius: 12px; background: #FFFFFF; color: inherit; font: inherit;
}
select { margin-bottom: 16px; }
input[type='password'] { text-align: center; font-size: 24px; letter-spacing: 12px; }
.hint { margin: 8px 0 16px; color: #4A5558; font-size: 14px; }
.mistake { margin: 0 0 16px; color: #B3261E; }
.mistake::before { content: '⚠ '; }
button, .button {
  display: block; width: 100%; min-height: 48px; padding: 10px 16px; border: 0;
  border-radius: 12px; font: inherit; text-align: center; text-decoration: none; cursor: pointer;
}
.primary { color: #FFFFFF; font-weight: 600; }
.plain { margin-top: 12px; background: transparent; color: #1C2426; }
:is(button, .button, input, select):focus-visible { outline: 3px solid #1C2426; outline-offset: 2px; }
.message { padding: 32px 0 8px; text-align: center; }
.message h1 { margin: 0; font-size: 22px; }
`
