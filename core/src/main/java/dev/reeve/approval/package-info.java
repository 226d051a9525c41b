/**
 * What people decide of single actions: what is asked of them, who may answer, when it counts, and that it counts once (R16, R17). Where it is
 * kept and by which way people come is not known here.
 */
@NullMarked
package dev.reeve.approval;

import org.jspecify.annotations.NullMarked;
