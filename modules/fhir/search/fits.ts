import { assert } from '../../../kernel/assert.ts'
import type { Reference, Resource } from '../elements.ts'
import { dateFits } from './dates.ts'
import type { Parameter, Values } from './parameter.ts'
import { idInReference, type SearchQuery, type TokenWish, type Wish } from './query.ts'

/** Pure: whether a resource is what was asked for, by what stands in it. */
export const fits = (
  parameters: readonly Parameter[],
  resource: Resource,
  { wishes, ids }: Pick<SearchQuery, 'wishes' | 'ids'>,
): boolean =>
  (ids === null || ids.includes(resource.id ?? '')) &&
  parameters.every(({ name, values }) => {
    const asked = wishes.get(name)
    if (!asked || values === null) return true
    const found = values(resource)
    return asked.every((wish) => fitsOne(found, wish))
  })

function fitsOne(found: Values, wish: Wish): boolean {
  switch (found.type) {
    case 'token':
      assert(wish.type === 'token', 'a wish has the type of its parameter')
      return wish.any.some((one) => found.of.some((value) => tokenFits(value, one)))
    case 'date':
      assert(wish.type === 'date', 'a wish has the type of its parameter')
      return wish.any.some((one) => found.of.some((value) => dateFits(value, one)))
    case 'reference':
      assert(wish.type === 'reference', 'a wish has the type of its parameter')
      return wish.any.some((one) => found.of.some((value) => referenceFits(value, one)))
  }
}

/** 'system|code', '|code' for one without a system, 'system|' for all of it, 'code' of any. */
function tokenFits(value: { system?: string; code: string }, { system, code }: TokenWish): boolean {
  if (code !== null && value.code !== code) return false
  if (system === null) return true
  return (value.system ?? '') === system
}

/** By 'Type/id', a URL of it, the id, or the number a logical reference has. */
function referenceFits({ reference, identifier }: Reference, asked: string): boolean {
  if (reference !== undefined) {
    const [type = '', id = ''] = reference.split('/')
    return idInReference(asked, type) === id
  }
  if (!identifier) return false
  const { system, value } = identifier
  return asked === `${system}|${value}` || asked === value
}
