import type { Condition } from './model.ts'

// A rule as it is typed, a line for each group: "年龄≥80 困难" or "age>=80 need". Both languages are always read.

/** Pure: one condition as it is typed; what this writes, readConditions reads. */
export function conditionText(condition: Condition): string {
  switch (condition.fact) {
    case 'ageYears': {
      const { atLeast, atMost } = condition
      const from = atLeast === undefined ? [] : [`年龄≥${atLeast}`]
      const to = atMost === undefined ? [] : [`年龄≤${atMost}`]
      return [...from, ...to].join(' ')
    }
    case 'inNeed':
    case 'insured':
      return `${condition.is ? '' : '非'}${WORD_OF[condition.fact]}`
    case 'diagnosis':
    case 'residence':
      return `${WORD_OF[condition.fact]}=${condition.startsWith.join('|')}`
  }
}

/** Pure: the conditions of one line, or null when a word of it is none. */
export function readConditions(line: string): Condition[] | null {
  const read = line
    .split(/[\s,，、]+/)
    .filter((word) => word !== '')
    .map(readCondition)
  const known = read.filter((condition) => condition !== null)
  return known.length === read.length ? joinAges(known) : null
}

const WORD_OF = { inNeed: '困难', insured: '参保', diagnosis: '诊断', residence: '户籍' } as const

function readCondition(word: string): Condition | null {
  const age = /^(?:年龄|age)(≥|>=|≤|<=)(\d{1,3})$/i.exec(word)
  if (age) {
    const years = Number(age[2])
    if (years > MOST_YEARS) return null
    const isLeast = age[1] === '≥' || age[1] === '>='
    return { fact: 'ageYears', ...(isLeast ? { atLeast: years } : { atMost: years }) }
  }
  const flag = /^(非|not-)?(困难|need|参保|insured)$/i.exec(word)
  if (flag) {
    const fact = /困难|need/i.test(flag[2] ?? '') ? 'inNeed' : 'insured'
    return { fact, is: flag[1] === undefined }
  }
  const codes = /^(诊断|diagnosis|户籍|residence)=([^=]+)$/i.exec(word)
  if (!codes) return null
  const startsWith = (codes[2] ?? '').split('|')
  if (startsWith.some((code) => code === '' || code.length > MOST_CODE_LETTERS)) return null
  return { fact: /诊断|diagnosis/i.test(codes[1] ?? '') ? 'diagnosis' : 'residence', startsWith }
}

const MOST_YEARS = 150
const MOST_CODE_LETTERS = 20

/** "年龄≥60 年龄≤80" is one condition of age. */
function joinAges(conditions: readonly Condition[]): Condition[] {
  const ages = conditions.filter((condition) => condition.fact === 'ageYears')
  const rest = conditions.filter((condition) => condition.fact !== 'ageYears')
  const [first] = ages
  return first ? [Object.assign({}, ...ages) as typeof first, ...rest] : rest
}
