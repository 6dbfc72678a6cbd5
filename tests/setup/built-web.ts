import { buildWeb } from '../../apps/cli/sandbox/web-build.ts'
import { skipWithoutBrowser } from './browser.ts'

/** The web apps are built before the first test that looks at them: two of them at once would build in the same place. */
export async function setup(): Promise<void> {
  if (!skipWithoutBrowser) await buildWeb()
}
