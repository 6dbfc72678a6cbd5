import type { CheckReport, ConformanceReport, Failure, SubjectScore } from './report.ts'

/** A report as one page that needs nothing else: Chinese, with English below. Everything from outside is escaped. */
export function conformancePage(report: ConformanceReport, subject: string): string {
  const { isConformant, startedAt, passed, failed, skipped, checks, scores, unproven } = report
  const verdict = isConformant
    ? { zh: '符合标准接口', en: 'Conformant' }
    : { zh: '尚不符合标准接口', en: 'Not conformant yet' }
  const failures = checks.filter(({ outcome }) => outcome === 'failed')
  return `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>医院标准接口符合性报告</title><style>${STYLE}</style></head><body>
<header><h1>医院标准接口符合性报告</h1><p lang="en">Conformance to the standard hospital interface</p></header>
<section class="verdict ${isConformant ? 'good' : 'bad'}"><h2>${verdict.zh}</h2><p lang="en">${verdict.en}</p>
<dl><div><dt>通过 <span lang="en">passed</span></dt><dd>${passed}</dd></div>
<div><dt>未通过 <span lang="en">failed</span></dt><dd>${failed}</dd></div>
<div><dt>未检查 <span lang="en">skipped</span></dt><dd>${skipped}</dd></div></dl>
<p>${escape(subject)} · ${escape(startedAt)}</p>
${unproven.length === 0 ? '' : `<p>支付必需而未证实可用：${escape(unproven.join('、'))}<br><span lang="en">needed for payments, and not shown to work</span></p>`}
</section>
<h2>分项得分</h2><p lang="en">Scores by subject</p>${scoreTable(scores)}
${failures.length === 0 ? '' : `<h2>未通过的检查</h2><p lang="en">What failed, and why</p>${failures.map(failureCard).join('')}`}
<h2>全部检查</h2><p lang="en">All checks</p>
${scores.map((score) => subjectTable(score, checks)).join('')}
</body></html>
`
}

const scoreTable = (scores: readonly SubjectScore[]): string => `<table><thead><tr>
<th scope="col">主题</th><th scope="col">得分</th><th scope="col" class="number">通过</th>
<th scope="col" class="number">未通过</th><th scope="col" class="number">未检查</th></tr></thead>
<tbody>${scores.map(scoreRow).join('')}</tbody></table>`

function scoreRow({ title, passed, failed, skipped }: SubjectScore): string {
  const tried = passed + failed
  const percent = tried === 0 ? null : Math.floor((passed * 100) / tried)
  const score =
    percent === null
      ? '<span class="quiet">—</span>'
      : `<meter min="0" max="100" value="${percent}">${percent}%</meter> ${percent}%`
  return `<tr><th scope="row">${words(title)}</th><td>${score}</td><td class="number">${passed}</td>
<td class="number">${failed}</td><td class="number">${skipped}</td></tr>`
}

function failureCard(check: CheckReport): string {
  if (check.outcome !== 'failed') return ''
  const { id, title, paragraph, failure } = check
  return `<article id="${escape(id)}"><h3>${words(title)}</h3>
<p><code>${escape(id)}</code> · ${escape(paragraph)}</p>
<dl class="said">${facts(failure)}</dl>${before(failure)}</article>`
}

const facts = ({ what, expected, found, sent, came }: Failure): string =>
  [
    ['检查', 'what', what],
    ['期望', 'expected', expected],
    ['实际', 'found', found],
    ['发送', 'sent', sent],
    ['答复', 'came back', came],
  ]
    .filter(([, , text]) => text !== '')
    .map(
      ([zh, en, text]) =>
        `<dt>${zh} <span lang="en">${en}</span></dt><dd><code>${escape(text ?? '')}</code></dd>`,
    )
    .join('')

const before = ({ before: earlier }: Failure): string =>
  earlier.length === 0
    ? ''
    : `<details><summary>此前 ${earlier.length} 次交互 <span lang="en">what was said before</span></summary>
<ol>${earlier.map(({ operation, sent, came }) => `<li><code>${escape(`${operation} ${sent}`)}</code><br><code>${escape(came)}</code></li>`).join('')}</ol></details>`

function subjectTable({ subject, title }: SubjectScore, checks: readonly CheckReport[]): string {
  const own = checks.filter((check) => check.subject === subject)
  return `<h3>${words(title)}</h3><table class="checks"><tbody>${own.map(checkRow).join('')}</tbody></table>`
}

function checkRow(check: CheckReport): string {
  const { id, title, paragraph, outcome } = check
  const name = `${words(title)}<br><code>${escape(id)}</code>`
  const reason =
    check.outcome === 'skipped'
      ? `<span class="quiet">${words(check.reason)}</span>`
      : check.outcome === 'failed'
        ? `<a href="#${escape(id)}">详情 <span lang="en">details</span></a>`
        : ''
  const { zh, en, mark } = OUTCOMES[outcome]
  return `<tr class="${outcome}"><td class="outcome">${mark} ${zh} <span lang="en">${en}</span></td>
<td>${name}</td><td>${escape(paragraph)}</td><td>${reason}</td></tr>`
}

const OUTCOMES = {
  passed: { mark: '✓', zh: '通过', en: 'passed' },
  failed: { mark: '✗', zh: '未通过', en: 'failed' },
  skipped: { mark: '–', zh: '未检查', en: 'skipped' },
} as const

const words = ({ zh, en }: { zh: string; en: string }): string =>
  `${escape(zh)} <span lang="en">${escape(en)}</span>`

const escape = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')

const STYLE = `
:root { color-scheme: light; --ink: #1d2430; --quiet: #5b6472; --line: #d9dee6; --good: #14693a; --bad: #a3231f }
* { box-sizing: border-box }
body { font: 16px/1.6 "PingFang SC", "Noto Sans CJK SC", "Microsoft YaHei", system-ui, sans-serif;
  color: var(--ink); max-width: 68rem; margin: 0 auto; padding: 2rem 1.25rem 4rem }
h1 { font-size: 1.75rem; margin: 0 } h2 { margin: 2.5rem 0 0 } h3 { margin: 1.5rem 0 .25rem }
[lang=en] { color: var(--quiet); font-size: .875rem; font-weight: 400 } p[lang=en] { margin: 0 0 1rem }
.verdict { border: 1px solid var(--line); border-left: 6px solid; border-radius: 6px; padding: 1rem 1.25rem }
.verdict h2 { margin: 0 } .verdict.good { border-left-color: var(--good) } .verdict.good h2 { color: var(--good) }
.verdict.bad { border-left-color: var(--bad) } .verdict.bad h2 { color: var(--bad) }
.verdict dl { display: flex; gap: 2.5rem; margin: 0 } .verdict dd { margin: 0; font-size: 1.75rem; font-variant-numeric: tabular-nums }
table { border-collapse: collapse; width: 100% } th, td { padding: .4rem .6rem; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line) }
.number { text-align: right; font-variant-numeric: tabular-nums } .quiet { color: var(--quiet) } th[scope=row] { font-weight: 600 }
meter { width: 8rem } code { font: .8125rem/1.5 ui-monospace, monospace; overflow-wrap: anywhere }
.outcome { white-space: nowrap } .passed .outcome { color: var(--good) } .failed .outcome { color: var(--bad); font-weight: 600 }
.checks td:first-child { width: 10rem } .checks td:nth-child(3) { width: 13rem } .checks td:nth-child(4) { width: 15rem }
article { border: 1px solid var(--line); border-radius: 6px; padding: 0 1.25rem 1rem; margin-bottom: 1rem }
.said { display: grid; grid-template-columns: 8rem 1fr; gap: .25rem 1rem; margin: 0 } .said dd { margin: 0 }
@media (max-width: 40rem) { meter { width: 4rem } th, td { padding: .4rem .35rem }
  .verdict dl { gap: 1.25rem } .said { display: block } .said dd { margin-bottom: .5rem }
  .checks td { display: block; width: auto !important; border: 0; padding: .1rem 0 } .checks tr { display: block; border-bottom: 1px solid var(--line); padding: .5rem 0 } }
@media print { body { max-width: none } article { break-inside: avoid } }
`
