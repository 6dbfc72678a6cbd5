import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { secondItLogin, staffLogin } from '../../apps/cli/sandbox/seed.ts'
import { buildWeb, WEB_ROOT } from '../../apps/cli/sandbox/web-build.ts'
import { replaceDepartments } from '../../modules/hospitals/store.ts'
import { inHospital } from '../../platform/db.ts'
import { systemClock } from '../../platform/system.ts'
import { collectProblems, launchBrowser, skipWithoutBrowser } from '../setup/browser.ts'
import { expectReadable, openConsole, SLOW_MS } from './desk.ts'
import { type OfficeBed, openOfficeBed } from './office-bed.ts'

// A hospital goes on scene by scene and department by department, and back.

// Without a browser there is nothing to click.
describe.skipIf(skipWithoutBrowser)('the rollout of a hospital', { timeout: 120_000 }, () => {
  let bed: OfficeBed
  let browser: Browser

  beforeAll(async () => {
    await buildWeb()
    bed = await openOfficeBed(WEB_ROOT, { name: 'a rollout', people: 10 })
    const { db, hospitalId } = bed
    const departments = [
      { code: 'D1', name: '心血管内科' },
      { code: 'D2', name: '儿科' },
    ].map((known) => ({ ...known, subjectCode: '', location: '', doctors: [] }))
    await inHospital(db, hospitalId, (tx) =>
      replaceDepartments(tx, hospitalId, departments, systemClock.now()),
    )
    browser = await launchBrowser()
  }, 240_000)
  afterAll(async () => {
    await browser?.close()
    await bed?.stop()
  })

  const consoleOf = (role: 'it' | 'auditor') => consoleAs(staffLogin(bed.hospitalId, role))
  const consoleAs = (login: string) =>
    openConsole(browser, { hubUrl: bed.hubUrl, login, path: '/rollout' })

  it('[H4] IT opens a pilot, widens it with a second person, and takes it back alone', async () => {
    const desk = await consoleOf('it')
    const problems = collectProblems(desk)
    await desk.getByText('没有设过范围').waitFor({ timeout: SLOW_MS })
    await expectReadable(desk)
    await desk.getByLabel('试点').check()
    await desk.getByLabel('预约挂号').uncheck()
    await desk.getByLabel('全部科室').uncheck()
    await desk.getByLabel('儿科').uncheck()
    await desk.getByLabel('说明').fill('先在心内科试点缴费')
    await desk.getByRole('button', { name: /^提 ?交$/ }).click()
    const matrix = desk.getByRole('table', { name: '现在打开的' })
    const lineOf = (name: string) => matrix.getByRole('row', { name: new RegExp(`^${name}`) })
    await expect.poll(() => lineOf('心血管内科').innerText()).toMatch(/关\s+开\s+开/)
    expect(await lineOf('儿科').innerText()).not.toContain('开')
    await expectReadable(desk)

    await desk.getByLabel('推广').check()
    await desk.getByLabel('全部科室').check()
    await desk.getByLabel('说明').fill('推广到全院')
    await desk.getByRole('button', { name: /^提 ?交$/ }).click()
    await desk.getByText('要另一位信息科人员同意。', { exact: true }).waitFor({ timeout: SLOW_MS })
    expect(await lineOf('儿科').innerText()).not.toContain('开')
    await expectReadable(desk)
    const second = await consoleAs(secondItLogin(bed.hospitalId))
    await second.getByRole('button', { name: '同意打开' }).click({ timeout: SLOW_MS })
    await second.getByText('第 2 版').waitFor({ timeout: SLOW_MS })
    await second.context().close()
    await desk.reload()
    await expect.poll(() => lineOf('儿科').innerText()).toContain('开')
    await desk.getByRole('button', { name: '回到第 1 版' }).click()
    await expect.poll(() => lineOf('儿科').innerText()).not.toContain('开')
    await desk.getByText('第 3 版').waitFor({ timeout: SLOW_MS })
    await expectReadable(desk)
    expect(problems).toEqual([])
    await desk.context().close()
  })

  it('[H4] who audits sees it and changes nothing', async () => {
    const desk = await consoleOf('auditor')
    await desk.getByText('您的角色只能查看。').waitFor({ timeout: SLOW_MS })
    expect(await desk.getByRole('button', { name: /生效|回到/ }).count()).toBe(0)
    await desk.context().close()
  })
})
