import { isBusinessDate } from '../../../../kernel/time.ts'
import { amount, date, dateTime, decimal, type Field, oneOf, text } from '../fields.ts'
import { Refusal } from '../refusal.ts'
import { isWireObject, JsonNumber, memberOf, type Wire } from '../wire-json.ts'
import { CATALOGUE } from './catalogue.ts'
import { codesOf } from './dictionary.ts'
import { INPATIENT } from './inpatient.ts'
import { OUTPATIENT } from './outpatient.ts'
import { QUERIES } from './queries.ts'
import { type FieldRule, type NodeRule, readNotation, type TransactionTable } from './rules.ts'

const TABLES: Readonly<Record<string, TransactionTable>> = {
  ...OUTPATIENT,
  ...INPATIENT,
  ...QUERIES,
  ...CATALOGUE,
}

const RULES = new Map(
  Object.entries(TABLES).map(([infno, table]) => [
    infno,
    {
      in: readNotation(table.in),
      out: table.out === null ? null : readNotation(table.out),
    },
  ]),
)

/** Errors: a Refusal that names the first field of an input that breaks the table. */
export function checkInput(infno: string, input: Wire): void {
  for (const rule of RULES.get(infno)?.in ?? []) {
    for (const [node, path] of nodesOf(rule, input)) {
      for (const field of rule.fields) checkField(field, node, path === '' ? '' : `${path}.`)
    }
  }
}

/** Errors: throws for an answer of the centre's own that breaks the table, naming the field. */
export function checkOutput(infno: string, output: Wire): void {
  const rules = RULES.get(infno)
  if (!rules) return
  if (rules.out === null) {
    if (output !== null) throw new Error(`${infno} answers nothing`)
    return
  }
  for (const rule of rules.out) {
    const nodes = rule.name === '' ? output : memberOf(output, rule.name)
    const list: readonly Wire[] = Array.isArray(nodes) ? (nodes as readonly Wire[]) : [nodes]
    if (rule.listMax === null && Array.isArray(nodes)) throw broken(infno, rule.name, 'is a list')
    for (const node of list) {
      if (!isWireObject(node)) throw broken(infno, rule.name, 'is missing')
      for (const field of rule.fields) checkAnswered(infno, field, node)
    }
  }
}

function nodesOf(rule: NodeRule, input: Wire): [Wire, string][] {
  const node = rule.name === '' ? input : memberOf(input, rule.name)
  if (node === null && rule.optional) return []
  if (rule.listMax === null) {
    if (!isWireObject(node)) throw new Refusal(rule.name || 'input', '缺少该节点或不是对象')
    return [[node, rule.name]]
  }
  if (!Array.isArray(node)) throw new Refusal(rule.name, '缺少该节点或不是数组')
  if (node.length < 1 || node.length > rule.listMax) {
    throw new Refusal(rule.name, `应为1至${rule.listMax}条`)
  }
  return (node as readonly Wire[]).map((one, index) => {
    const path = `${rule.name}[${index}]`
    if (!isWireObject(one)) throw new Refusal(path, '缺少该节点或不是对象')
    return [one, path]
  })
}

function checkField(rule: FieldRule, node: Wire, path: string) {
  const raw = memberOf(node, rule.name)
  const place = `${path}${rule.name}`
  if (raw === null || raw === '') {
    if (rule.required) throw new Refusal(place, '必填')
    return
  }
  readerOf(rule)(raw, place)
  const codes = rule.dictionary === null ? null : codesOf(rule.dictionary)
  if (codes) oneOf(...codes)(raw, place)
}

function readerOf({ type, digits, scale }: FieldRule): Field<unknown> {
  switch (type) {
    case 'text':
      return text(digits)
    case 'number':
      return decimal(digits, scale)
    case 'amount':
      return amount
    case 'date':
      return date
    case 'time':
      return dateTime
  }
}

function checkAnswered(infno: string, rule: FieldRule, node: Wire) {
  const value = memberOf(node, rule.name)
  if (value === null || value === '') {
    if (rule.required) throw broken(infno, rule.name, 'is required')
    return
  }
  const shown = value instanceof JsonNumber ? value.text : value
  if (typeof shown !== 'string' || !isOfType(rule, shown, value instanceof JsonNumber)) {
    throw broken(infno, rule.name, 'is not of its type')
  }
  const codes = rule.dictionary === null ? null : codesOf(rule.dictionary)
  if (codes && !codes.includes(shown)) throw broken(infno, rule.name, `has the code ${shown}`)
}

function isOfType({ type, digits, scale }: FieldRule, shown: string, isNumber: boolean): boolean {
  switch (type) {
    case 'text':
      return !isNumber && Array.from(shown).length <= digits
    case 'number':
    case 'amount': {
      const [wide, decimals] = type === 'amount' ? [16, 2] : [digits, scale]
      const [, whole = '', part = ''] = /^-?(\d+)(?:\.(\d+))?$/.exec(shown) ?? []
      return isNumber && whole !== '' && whole.length <= wide - decimals && part.length <= decimals
    }
    case 'date':
      return isBusinessDate(shown)
    case 'time':
      return /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(shown)
  }
}

const broken = (infno: string, name: string, reason: string) =>
  new Error(`the answer to ${infno}: ${name} ${reason}`)
