import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { describe, expect, it } from 'vitest'

import { FUNCTIONS } from '../../../platform/descriptor/functions.ts'
import { readProduct } from './check.ts'
import { ProductSchema, WIRES } from './schema.ts'
import { shippedProduct, shippedProducts } from './shipped.ts'

describe('[H2] the products that are shipped', () => {
  it.each(shippedProducts())('%s can be read', (name) => {
    const read = readProduct(shippedProduct(name))
    expect(read.outcome === 'wrong' ? read.problems : []).toEqual([])
    expect(read.outcome === 'read' && read.product.name).toBe(name)
  })

  it.each(shippedProducts())('%s says that it is a specimen, and of which document', (name) => {
    const read = readProduct(shippedProduct(name))
    if (read.outcome === 'wrong') throw new Error(name)
    expect(read.product.specimen).toBeDefined()
    const document = join(import.meta.dirname, '../../..', read.product.source)
    expect(readFileSync(document, 'utf8')).toContain('UNCERTAIN')
  })

  it('refuses a secret field that names no parameter', () => {
    const text = shippedProduct('soap').replace('{ synKey: synKey }', '{ synKey: synKeys }')
    const read = readProduct(text)
    const problems = read.outcome === 'wrong' ? read.problems : []
    expect(problems.map(({ pointer, code }) => `${pointer} ${code}`)).toEqual([
      '/wires/client/secretFields/synKey no_parameter',
    ])
  })
})

it('[H2] is described on its page: every field and function', () => {
  const path = join(import.meta.dirname, '../../../docs/interface/hospital-descriptor.md')
  const page = readFileSync(path, 'utf8')
  const { properties } = ProductSchema
  const operation = properties.operations.properties['heartbeat'] as unknown as Loose
  const step = (operation.properties['steps'] as unknown as { items: Loose }).items
  const row = (step.properties['errors'] as unknown as { items: Loose }).items
  const notice = (properties.notices as unknown as { items: Loose }).items
  const limits = properties.limits as unknown as Loose
  const fields = [ProductSchema as unknown as Loose, operation, step, row, notice, limits]
    .concat(Object.values(WIRES) as unknown as Loose[])
    .flatMap((schema) => Object.keys(schema.properties))
    .map((name) => `\`${name}\``)
  const functions = Object.keys(FUNCTIONS).map((name) => `\`$${name}(`)
  expect([...fields, ...functions].filter((word) => !page.includes(word))).toEqual([])
})

type Loose = { properties: Record<string, unknown> }
