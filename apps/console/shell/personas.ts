import type { components } from '../../../contract/hub.d.ts'
import { api } from '../api.ts'

export type Persona = components['schemas']['DemoPersona']

/** The invented staff of a demo; null where there is no demo, or nobody knows yet. */
export function usePersonas(): Persona[] | null {
  const { data } = api.query.useQuery('get', '/v1/demo/personas', {}, { staleTime: Infinity })
  return data?.items.filter((persona) => persona.app === 'console') ?? null
}
