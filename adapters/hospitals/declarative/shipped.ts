import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const FOLDER = join(import.meta.dirname, 'products')

/** Names of the products that come with the system. */
export const shippedProducts = (): string[] =>
  readdirSync(FOLDER)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => name.replace(/\.yaml$/, ''))
    .sort()

/** The text of one of them. Throws for a name that is none. */
export function shippedProduct(name: string): string {
  if (!shippedProducts().includes(name)) throw new Error(`no product ${name} is shipped`)
  return readFileSync(join(FOLDER, `${name}.yaml`), 'utf8')
}
