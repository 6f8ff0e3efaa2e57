#include "CMetrics.h"
