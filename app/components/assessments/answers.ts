import type { Caller } from '../../../server/trpc/router.ts'

/** What the procedures about assessments answer. */
export type AssessmentsData = Awaited<ReturnType<Caller['assessments']['list']>>
export type ListedAssessment = AssessmentsData['assessments'][number]
export type AssessmentData = Awaited<ReturnType<Caller['assessments']['get']>>
export type ControlInScope = AssessmentData['controls'][number]
export type AttachedRow = AssessmentData['attachments'][number]
export type SampleData = Awaited<ReturnType<Caller['assessments']['sample']>>
export type SampledRow = NonNullable<SampleData['rows']>[number]
