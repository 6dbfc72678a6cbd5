import { HOUR_MS } from '../../../kernel/time.ts'
import { query } from '../api.ts'

/** The hospitals open to patients. They change rarely. */
export const useHospitals = () => query.useQuery('get', '/v1/hospitals', {}, { staleTime: HOUR_MS })

/** Empty until it is known. */
export function useHospitalName(hospitalId: number, form: 'name' | 'shortName' = 'name'): string {
  const { data } = useHospitals()
  return data?.items.find((hospital) => hospital.id === hospitalId)?.[form] ?? ''
}
