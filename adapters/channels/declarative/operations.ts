import type { AnswerDescription, Descriptor, RequestDescription } from './schema.ts'
import type { OperationName } from './vocabulary.ts'

export type DescribedOperation = {
  name: OperationName
  pointer: string
  description: RequestDescription & { answer: AnswerDescription }
}

/** Every operation of a descriptor, each method of a charge for itself. The statement has another shape. */
export const operationsOf = (descriptor: Descriptor): DescribedOperation[] => [
  ...Object.entries(descriptor.charge).map(([method, description]) => ({
    name: 'charge' as const,
    pointer: `/charge/${method}`,
    description,
  })),
  ...(['query', 'release', 'refund', 'queryRefund'] as const).map((name) => ({
    name,
    pointer: `/${name}`,
    description: descriptor[name],
  })),
  ...(descriptor.release.whenAbsent === undefined
    ? []
    : [
        {
          name: 'release' as const,
          pointer: '/release/whenAbsent',
          description: descriptor.release.whenAbsent,
        },
      ]),
]
