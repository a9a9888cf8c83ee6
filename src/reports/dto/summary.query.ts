import { IsIn, MaxLength } from 'class-validator';
import { Describe, MayBeAbsent } from '../../common/dto/decorators.js';
import { IsId, IsTime } from '../../common/dto/field-types.js';

export const GROUPS = ['day', 'hour', 'agent', 'client', 'template', 'route', 'carrier'] as const;
export type Group = (typeof GROUPS)[number];

export class SummaryQuery {
  @MayBeAbsent()
  @IsTime()
  @Describe(
    'The first day (2026-11-21), or the first whole hour (2026-11-21T08:00:00Z). Default: 30 days before the end.',
  )
  from?: string;

  @MayBeAbsent()
  @IsTime()
  @Describe('The last day (included in the report), or a whole hour (not included). Default: today.')
  to?: string;

  @MayBeAbsent()
  @MaxLength(64)
  @Describe(
    'A zone (Asia/Ho_Chi_Minh) or an offset from UTC (+05:30, -5, Z); days begin at its midnight. Default: the setting time_zone, else UTC.',
  )
  tz?: string;

  @MayBeAbsent()
  @IsId('tpl')
  template_id?: string;

  @IsIn(GROUPS)
  group_by: Group = 'day';
}
