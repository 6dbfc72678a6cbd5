import type { HospitalId } from '../../kernel/id.ts'
import { inHospital } from '../../platform/db.ts'
import type { Actor } from '../../platform/principal.ts'
import type { StatementFilesDependencies } from './dependencies.ts'
import { statementErrors } from './errors.ts'
import { insertLayout, newestLayouts } from './layout-store.ts'
import { readLayout } from './layout/layout.ts'
import type { Layout } from './layout/schema.ts'
import { shippedLayouts } from './layout/shipped.ts'

export type Layouts = ReturnType<typeof createLayouts>

/** The layouts of a hospital: those that come with the hub, and those it wrote for itself. */
export function createLayouts({ db, clock, audit }: StatementFilesDependencies) {
  const shipped = shippedLayouts()
  return { get, list, save }

  /** Errors: throws statements.layout_not_found. */
  async function get(hospitalId: HospitalId, name: string): Promise<Layout> {
    const own = shipped.get(name)
    if (own) return own
    const [layout] = await inHospital(db, hospitalId, (tx) => newestLayouts(tx, hospitalId, name))
    if (!layout) throw statementErrors.layout_not_found({ name })
    return layout
  }

  async function list(hospitalId: HospitalId): Promise<{ layout: Layout; isShipped: boolean }[]> {
    const own = await inHospital(db, hospitalId, (tx) => newestLayouts(tx, hospitalId))
    return [
      ...[...shipped.values()].map((layout) => ({ layout, isShipped: true })),
      ...own.map((layout) => ({ layout, isShipped: false })),
    ]
  }

  /**
   * Keeps a layout as the next version of its name.
   * Errors: throws statements.layout_wrong with the place in it, statements.layout_shipped for a name that is taken.
   */
  async function save(hospitalId: HospitalId, name: string, json: object, actor: Actor) {
    if (shipped.has(name)) throw statementErrors.layout_shipped({ name })
    return inHospital(db, hospitalId, async (tx) => {
      const [before] = await newestLayouts(tx, hospitalId, name)
      const version = (before?.version ?? 0) + 1
      const reading = readLayout({ ...json, name, version })
      if (reading.outcome === 'wrong') {
        const { where, reason } = reading
        throw statementErrors.layout_wrong({ where, reason })
      }
      await insertLayout(tx, hospitalId, reading.layout, { name: actor.name, at: clock.now() })
      const subject = `statement_layout:${name}`
      await audit(tx, hospitalId, actor, {
        action: 'statements.layout',
        subject,
        detail: { version },
      })
      return reading.layout
    })
  }
}
