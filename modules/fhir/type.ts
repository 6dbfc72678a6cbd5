import type { Resource } from './elements.ts'
import type { Parameter } from './search/parameter.ts'

/** What the façade knows of a type of resource: how one is made, and by what it is looked for. */
export type FhirType<Source, R extends Resource> = {
  readonly type: R['resourceType']
  readonly documentation: string
  /** Pure: the hub's own record as FHIR has it. */
  readonly toResource: (source: Source) => R
  readonly parameters: readonly Parameter<R>[]
  /** A record as it comes, for documentation and for its test. */
  readonly example: Source
}

/** What is asked of a type whatever its records are. */
export type AnyType = {
  readonly type: string
  readonly documentation: string
  readonly parameters: readonly Parameter[]
  readonly exampleResource: () => Resource
}

/** The same, with the shape of its resources forgotten: a parameter of a type is used with that type's own alone. */
export const anyType = <Source, R extends Resource>(known: FhirType<Source, R>): AnyType => ({
  type: known.type,
  documentation: known.documentation,
  parameters: known.parameters as unknown as readonly Parameter[],
  exampleResource: () => known.toResource(known.example),
})
