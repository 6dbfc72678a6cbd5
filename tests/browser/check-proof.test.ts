import { writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'

import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { proofText } from '../../modules/sealing/proof-file.ts'
import {
  HOSPITAL,
  openSealingWorld,
  postEntries,
  type SealingWorld,
} from '../../modules/sealing/testing/world.ts'
import {
  collectProblems,
  desktopPage,
  launchBrowser,
  phonePage,
  skipWithoutBrowser,
} from '../setup/browser.ts'

// The page that checks a proof, opened from the disk as somebody without us would, with nothing to reach.

const PAGE = pathToFileURL(join(import.meta.dirname, '../../docs/proofs/check.html')).href

// Without a browser the whole file is left out, and bin/test says so loudly.
describe.skipIf(skipWithoutBrowser)('the page that checks a proof', () => {
  let browser: Browser
  let world: SealingWorld
  let good: string
  let bad: string

  beforeAll(async () => {
    browser = await launchBrowser()
    world = await openSealingWorld()
    const [id = ''] = await postEntries(world, HOSPITAL, 12)
    await world.sealing.sealNext(HOSPITAL)
    const of = { hospitalId: HOSPITAL, log: 'ledger' }
    const text = proofText(await world.sealing.proofOf(of, [id]))
    good = join(dirname(world.path), 'proof.json')
    bad = join(dirname(world.path), 'changed.json')
    await writeFile(good, text)
    await writeFile(bad, text.replace('"income\\",100', '"income\\",900').replace(',100]', ',900]'))
  })
  afterAll(async () => {
    await browser.close()
    await world[Symbol.asyncDispose]()
  })

  it.each([
    ['wide', desktopPage],
    ['on a phone', phonePage],
  ])('[B1] says in both languages whether it holds, %s', async (_name, openPage) => {
    const page = await openPage(browser)
    const problems = collectProblems(page)
    const asked: string[] = []
    page.on('request', (request) => asked.push(request.url()))
    await page.goto(PAGE)
    await page.setInputFiles('#file', good)
    await page.getByText('证明成立').waitFor()
    await page.getByText(world.signer.keyId).waitFor()
    await page.getByRole('cell', { name: 'income' }).waitFor()
    await page.getByRole('button', { name: 'English' }).click()
    await page.getByText('The proof holds').waitFor()
    await page.setInputFiles('#file', bad)
    await page.getByText('The proof does not hold').waitFor()
    expect(asked.filter((url) => !url.startsWith('file:'))).toEqual([])
    expect(problems).toEqual([])
    await page.close()
  })
})
