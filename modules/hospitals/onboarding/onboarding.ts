import type { HospitalId } from '../../../kernel/id.ts'
import type { Clock } from '../../../kernel/time.ts'
import { createAudit } from '../../../platform/audit.ts'
import { inHospital } from '../../../platform/db.ts'
import { isSecret, type Params } from '../../../platform/descriptor/params.ts'
import type { Actor } from '../../../platform/principal.ts'
import { hospitalErrors } from '../errors.ts'
import type { OnboardingBook, OnboardingDependencies } from './book.ts'
import { createConformanceRuns } from './conformance-runs.ts'
import type { Draft, DraftContent, OnboardingStep, StepDetail, StepKind } from './draft.ts'
import { createGoingLive } from './going-live.ts'
import { addDraft, addStep, newestDraft, stepsOf } from './onboarding-store.ts'
import { mappingOf } from './proposals.ts'
import { readReviewFile, reviewFile } from './review-file.ts'
import { SUBJECT_NAMES } from './subjects.ts'
import { dryRun, probe, type TestPatient } from './trying.ts'

export type Onboarding = ReturnType<typeof createOnboarding>

/** Brings a hospital to the hub by a described product: draft, tries, and going live by two persons. */
export function createOnboarding(dependencies: OnboardingDependencies) {
  const book = createBook(dependencies)
  return {
    products: dependencies.products,
    draft: book.draft,
    newest: book.newest,
    steps: book.steps,
    ...createDrafting(dependencies, book),
    ...createTries(dependencies, book),
    ...createConformanceRuns(dependencies, book),
    ...createGoingLive(dependencies, book),
  }
}

type Book = OnboardingBook & { newest: (hospitalId: HospitalId) => Promise<Draft | null> }

function createBook(dependencies: OnboardingDependencies): Book {
  const { db, clock, seal, products, hospitals } = dependencies
  const audit = createAudit(dependencies)
  return { newest, draft, steps, keep, askOf }

  /** Null before anything was saved. Errors: hospitals.hospital_not_found. */
  async function newest(hospitalId: HospitalId): Promise<Draft | null> {
    await hospitals.get(hospitalId)
    return inHospital(db, hospitalId, (tx) => newestDraft(tx, seal, hospitalId))
  }

  /** Errors: hospitals.onboarding_not_found; hospitals.onboarding_overtaken when `version` is not the newest. */
  async function draft(hospitalId: HospitalId, version?: number): Promise<Draft> {
    const found = await newest(hospitalId)
    if (found === null) throw hospitalErrors.onboarding_not_found({ hospitalId })
    if (version !== undefined && version !== found.version)
      throw hospitalErrors.onboarding_overtaken({ version: found.version })
    return found
  }

  function steps(hospitalId: HospitalId, version: number): Promise<OnboardingStep[]> {
    return inHospital(db, hospitalId, (tx) => stepsOf(tx, hospitalId, version))
  }

  function askOf({ product, params, codes }: DraftContent, by: Clock = clock) {
    return products.ask({ product, params, codes }, by)
  }

  async function keep(
    hospitalId: HospitalId,
    { version }: Draft,
    step: { kind: StepKind; isGood: boolean; detail: StepDetail },
    actor: Actor,
  ): Promise<OnboardingStep> {
    return inHospital(db, hospitalId, async (tx) => {
      const no = (await stepsOf(tx, hospitalId, version)).length + 1
      const kept = { ...step, version, no, actor: actor.name, at: clock.now() }
      if (!(await addStep(tx, hospitalId, kept)))
        throw hospitalErrors.onboarding_overtaken({ version })
      await audit(tx, hospitalId, actor, {
        action: `hospitals.onboarding_${step.kind}`,
        subject: `hospital:${hospitalId}`,
        detail: { version, no, isGood: step.isGood },
      })
      return kept
    })
  }
}

function createDrafting(dependencies: OnboardingDependencies, { newest, draft, askOf }: Book) {
  const { db, clock, seal, products } = dependencies
  const audit = createAudit(dependencies)
  return { save, file, importFile }

  /**
   * Adds a version after `after` (0 before the first). A secret that is left out stays as it was in the version before.
   * Errors: hospitals.onboarding_overtaken; hospital_product.invalid; declarative.params_invalid;
   * hospitals.onboarding_subject_unknown.
   */
  async function save(
    hospitalId: HospitalId,
    content: DraftContent,
    after: number,
    actor: Actor,
  ): Promise<Draft> {
    const before = await newest(hospitalId)
    if ((before?.version ?? 0) !== after)
      throw hospitalErrors.onboarding_overtaken({ version: before?.version ?? 0 })
    const params = withSecretsOf(before, content)
    const saved = { ...content, params, version: after + 1, actor: actor.name, at: clock.now() }
    const strange = Object.values(content.departments).find((code) => !SUBJECT_NAMES.has(code))
    if (strange !== undefined)
      throw hospitalErrors.onboarding_subject_unknown({ code: strange.slice(0, 30) })
    askOf(saved)
    await inHospital(db, hospitalId, async (tx) => {
      if (!(await addDraft(tx, seal, hospitalId, saved)))
        throw hospitalErrors.onboarding_overtaken({ version: saved.version })
      await audit(tx, hospitalId, actor, {
        action: 'hospitals.save_onboarding',
        subject: `hospital:${hospitalId}`,
        detail: { version: saved.version, product: saved.productName },
      })
    })
    return saved
  }

  function withSecretsOf(before: Draft | null, { product, params }: DraftContent): Params {
    const { parameters } = products.read(product)
    const secrets = parameters.filter(isSecret).flatMap(({ name }): [string, string][] => {
      const old = before?.params[name]
      return params[name] === undefined && old !== undefined ? [[name, old]] : []
    })
    return { ...Object.fromEntries(secrets), ...params }
  }

  async function file(hospitalId: HospitalId) {
    const of = await draft(hospitalId)
    return { version: of.version, ...reviewFile(of, products.read(of.product).parameters) }
  }

  /** Errors: as save; hospitals.onboarding_file_wrong. */
  async function importFile(
    hospitalId: HospitalId,
    { yaml, secrets, after }: { yaml: string; secrets: Params; after: number },
    actor: Actor,
  ): Promise<Draft> {
    return save(hospitalId, readReviewFile(yaml, secrets), after, actor)
  }
}

function createTries(
  { clock }: OnboardingDependencies,
  { draft, steps, keep, askOf }: OnboardingBook,
) {
  return { probeDraft, dryRunDraft, mapping }

  /** Errors: as draft. What the system does wrong is the step's content. */
  async function probeDraft(hospitalId: HospitalId, version: number, actor: Actor) {
    const of = await draft(hospitalId, version)
    const { tried, departments } = await probe(askOf(of), clock)
    const isGood = tried.every(({ outcome }) => outcome === 'ok')
    return keep(hospitalId, of, { kind: 'probe', isGood, detail: { tried, departments } }, actor)
  }

  /** The same; good when nothing came that cannot be understood. */
  async function dryRunDraft(
    hospitalId: HospitalId,
    version: number,
    patient: TestPatient | null,
    actor: Actor,
  ) {
    const of = await draft(hospitalId, version)
    const tried = await dryRun(askOf(of), clock, patient)
    const isGood = tried.every(({ outcome }) => outcome !== 'unknown')
    return keep(hospitalId, of, { kind: 'dry_run', isGood, detail: { tried } }, actor)
  }

  /** The departments that the last probe of this or an earlier try of the version listed. */
  async function mapping(hospitalId: HospitalId) {
    const of = await draft(hospitalId)
    const all = await steps(hospitalId, of.version)
    const probed = all.findLast(({ kind }) => kind === 'probe')
    return mappingOf(probed?.detail.departments ?? [], of.departments)
  }
}
