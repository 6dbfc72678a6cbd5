import { type Fen, parseYuan } from '../../../../kernel/money.ts'
import { type BusinessDate, isBusinessDate } from '../../../../kernel/time.ts'
import { Refusal } from '../core/context.ts'

// Reads a resource as it came. Every function refuses what is missing or makes no sense by its element's path.

export type Node = { readonly value: Readonly<Record<string, unknown>>; readonly path: string }

export function readResource(text: string, type: string): Node {
  let value: unknown = null
  try {
    value = JSON.parse(text)
  } catch {
    // Said below.
  }
  const node = nodeOf(value, type)
  if (node.value['resourceType'] !== type) throw wrong(`${type}.resourceType`)
  return node
}

export function nodeOf(value: unknown, path: string): Node {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong(path)
  return { value: value as Node['value'], path }
}

export const child = ({ value, path }: Node, name: string): Node =>
  nodeOf(value[name], `${path}.${name}`)

export const optionalChild = (node: Node, name: string): Node | null =>
  (node.value[name] ?? null) === null ? null : child(node, name)

export function children({ value, path }: Node, name: string, min = 0, max = 1_000): Node[] {
  const list = value[name] ?? []
  if (!Array.isArray(list) || list.length < min || list.length > max) throw wrong(`${path}.${name}`)
  return list.map((item: unknown, index) => nodeOf(item, `${path}.${name}[${index}]`))
}

export function text({ value, path }: Node, name: string, max = 200): string {
  const found = value[name]
  if (typeof found !== 'string' || found === '' || found.length > max)
    throw wrong(`${path}.${name}`)
  return found
}

/** The code of a CodeableConcept's first coding in a system. */
export function codeOf(concept: Node, system: string): string {
  const coding = children(concept, 'coding').find(({ value }) => value['system'] === system)
  if (!coding) throw wrong(`${concept.path}.coding`)
  return text(coding, 'code', 64)
}

/** The value of an Identifier of one system, as it stands in a Reference or by itself. */
export function identifierOf(holder: Node, system: string): string {
  const identifier = child(holder, 'identifier')
  if (identifier.value['system'] !== system) throw wrong(`${identifier.path}.system`)
  return text(identifier, 'value', 64)
}

/** Money in CNY: zero or more, at most two decimals. */
export function moneyOf(money: Node): Fen {
  const { value, currency } = money.value
  const amount = typeof value === 'number' ? parseYuan(String(value)) : null
  if (currency !== 'CNY' || amount === null || amount < 0) throw wrong(money.path)
  return amount
}

export function dayOf(node: Node, name: string): BusinessDate {
  const found = text(node, name)
  if (!isBusinessDate(found)) throw wrong(`${node.path}.${name}`)
  return found
}

export const wrong = (path: string) => new Refusal('invalid', `${path}: missing or invalid`)
